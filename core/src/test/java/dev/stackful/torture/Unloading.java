package dev.stackful.torture;

import dev.stackful.Coroutine;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;

/** Nothing of a body stays reachable from the stack that it ran on. */
public final class Unloading {
  private Unloading() {}

  /** How the coroutine of a body ends. */
  @FunctionalInterface
  private interface End {
    void of(Coroutine<Object, Object> c);
  }

  /** Runs them all. */
  public static void main(String[] arguments) throws Exception {
    Check.scenario("ended", () -> unloads(c -> c.resume("")));
    Check.scenario("closed", () -> unloads(Coroutine::close));
    Check.scenario(
        "raised into",
        () ->
            unloads(
                c ->
                    Check.thrownBy(
                        ArithmeticException.class, () -> c.raise(new ArithmeticException()))));
    Check.scenario("abandoned", () -> unloads(c -> {}));
  }

  private static void unloads(End end) throws Exception {
    WeakReference<ClassLoader> loader = run(end);
    Check.await(
        "the body's class loader is collected",
        () -> {
          System.gc();
          return loader.refersTo(null);
        });
  }

  @SuppressWarnings("unchecked")
  private static WeakReference<ClassLoader> run(End end) throws Exception {
    ClassLoader loader = new BodyLoader();
    Class<?> type = loader.loadClass(UnloadedBody.class.getName());
    Check.that(type.getClassLoader() == loader, "not a class of its own");
    Thread.currentThread().setContextClassLoader(loader);
    Coroutine<Object, Object> c =
        Coroutine.of((Coroutine.Body<Object, Object>) type.getDeclaredConstructor().newInstance());
    c.resume("");
    Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
    end.of(c);
    return new WeakReference<>(loader);
  }

  /** Defines the body's class anew. */
  private static final class BodyLoader extends ClassLoader {
    BodyLoader() {
      super(Unloading.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(UnloadedBody.class.getName())) {
        return super.loadClass(name, resolve);
      }
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
