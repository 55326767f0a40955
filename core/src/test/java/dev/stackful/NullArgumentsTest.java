package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.fiber.Barrier;
import dev.stackful.fiber.Channel;
import dev.stackful.fiber.ChannelEndpoint;
import dev.stackful.fiber.Condition;
import dev.stackful.fiber.Deferred;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberExplorer;
import dev.stackful.fiber.FiberLocal;
import dev.stackful.fiber.FiberRuntime;
import dev.stackful.fiber.FiberScope;
import dev.stackful.fiber.Mutex;
import dev.stackful.fiber.Select;
import dev.stackful.fiber.Semaphore;
import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import dev.stackful.io.ByteSink;
import dev.stackful.io.ByteSinkRun;
import dev.stackful.io.ByteSource;
import dev.stackful.io.CharSink;
import dev.stackful.io.CharSinkRun;
import dev.stackful.io.CharSource;
import java.io.Writer;
import java.lang.annotation.Annotation;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every public method of the fibers, the foreign coroutines and the streams is called with null for
 * each of its parameters in turn, the others being good, and refuses it by a {@link
 * NullPointerException} that names it. Left out are those that may be null: elements, whose type is
 * a variable, and what is annotated so. A public method with a parameter of a type that this test
 * doesn't know fails it.
 */
final class NullArgumentsTest {
  private static final List<String> PACKAGES =
      List.of("dev.stackful.fiber", "dev.stackful.foreign", "dev.stackful.io");

  /** What has to be there for a method to be called. */
  private final Map<Class<?>, Supplier<Object>> samples =
      Map.ofEntries(
          Map.entry(Callable.class, () -> (Callable<Object>) () -> ""),
          Map.entry(Runnable.class, () -> (Runnable) () -> {}),
          Map.entry(Supplier.class, () -> (Supplier<Object>) () -> ""),
          Map.entry(Function.class, () -> Function.identity()),
          Map.entry(BiConsumer.class, () -> (BiConsumer<Object, Object>) (fiber, thrown) -> {}),
          Map.entry(Consumer.class, () -> (Consumer<Object>) element -> {}),
          Map.entry(Predicate.class, () -> (Predicate<Object>) fiber -> true),
          Map.entry(String.class, () -> "name"),
          Map.entry(Executor.class, () -> (Executor) Runnable::run),
          Map.entry(Duration.class, () -> Duration.ofSeconds(1)),
          Map.entry(Engine.class, Engine::preferred),
          Map.entry(Writer.class, Writer::nullWriter),
          Map.entry(CompletionStage.class, CompletableFuture::new),
          Map.entry(FiberClock.class, FiberClock::virtual),
          Map.entry(FiberRuntime.class, FiberRuntime::create),
          Map.entry(FiberRuntime.Builder.class, FiberRuntime::builder),
          Map.entry(Fiber.class, () -> Fiber.current().orElseThrow()),
          Map.entry(
              Fiber.Operation.class, () -> (Fiber.Operation<Object, RuntimeException>) () -> ""),
          Map.entry(FiberScope.class, FiberScope::open),
          Map.entry(FiberScope.Joiner.class, FiberScope.Joiner::awaitAll),
          Map.entry(Channel.class, () -> Channel.bounded(1)),
          Map.entry(Select.class, Select::create),
          Map.entry(FiberLocal.class, () -> FiberLocal.of("")),
          Map.entry(ScopedValue[].class, () -> new ScopedValue<?>[0]),
          Map.entry(
              ChannelEndpoint.class,
              () -> {
                FiberRuntime runtime = Fiber.current().orElseThrow().runtime();
                ChannelEndpoint<?> endpoint = runtime.endpoint(Channel.bounded(1));
                endpoint.close();
                return endpoint;
              }),
          Map.entry(FiberExplorer.class, FiberExplorer::create),
          Map.entry(FiberExplorer.Builder.class, FiberExplorer::builder),
          Map.entry(FiberExplorer.Test.class, () -> (FiberExplorer.Test) runtime -> {}),
          Map.entry(Mutex.class, () -> Mutex.create()),
          Map.entry(Condition.class, () -> Mutex.create().newCondition()),
          Map.entry(Semaphore.class, () -> Semaphore.of(1)),
          Map.entry(Barrier.class, () -> Barrier.of(1)),
          Map.entry(Deferred.class, () -> Deferred.create()),
          Map.entry(ForeignCoroutine.class, ForeignCoroutine::ofConfined),
          Map.entry(ForeignCoroutine.Builder.class, ForeignCoroutine::builder),
          Map.entry(ForeignCallback.class, NullArgumentsTest::callback),
          Map.entry(Coroutine.Builder.class, Coroutine::builder),
          Map.entry(Throwable.class, Throwable::new),
          Map.entry(ByteSource.class, () -> ByteSource.of(out -> {})),
          Map.entry(ByteSink.class, () -> ByteSink.of(in -> "")),
          Map.entry(ByteSinkRun.class, () -> ByteSink.of(in -> "").open()),
          Map.entry(CharSource.class, () -> CharSource.of(out -> {})),
          Map.entry(CharSink.class, () -> CharSink.of(in -> "")),
          Map.entry(CharSinkRun.class, () -> CharSink.of(in -> "").open()),
          Map.entry(FunctionDescriptor.class, () -> FunctionDescriptor.ofVoid()),
          Map.entry(MemorySegment.class, () -> MemorySegment.ofAddress(8)),
          Map.entry(Object[].class, () -> new Object[0]),
          Map.entry(Object.class, () -> ""),
          Map.entry(int.class, () -> 1),
          Map.entry(long.class, () -> 1L),
          Map.entry(boolean.class, () -> true),
          Map.entry(float.class, () -> 1f),
          Map.entry(double.class, () -> 1.0));

  private static ForeignCallback callback() {
    return ForeignCoroutine.ofConfined()
        .callback(FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
  }

  @Test
  void everyNullIsRefusedByName() {
    List<String> wrong = new ArrayList<>();
    List<String> tried = new ArrayList<>();
    try (FiberRuntime runtime = FiberRuntime.builder().clock(FiberClock.virtual()).build()) {
      Fiber<@Nullable Void> fiber = runtime.launch(() -> tryAll(tried, wrong));
      runtime.spawn(fiber::join);
      runtime.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertEquals(List.of(), wrong);
    assertTrue(tried.size() > 30, tried::toString);
  }

  private void tryAll(List<String> tried, List<String> wrong) {
    for (Class<?> type : publicTypes()) {
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
          for (int i = 0; i < method.getParameterCount(); i++) {
            if (mustNotBeNull(method, i)) {
              String what = type.getSimpleName() + "." + method.getName() + " " + i;
              tried.add(what);
              refusal(type, method, i).ifWrong(reason -> wrong.add(what + ": " + reason));
            }
          }
        }
      }
    }
  }

  /** What came of a call with null: nothing, or what was wrong with it. */
  private record Outcome(@Nullable String wrong) {
    void ifWrong(Consumer<String> action) {
      if (wrong != null) {
        action.accept(wrong);
      }
    }
  }

  private Outcome refusal(Class<?> type, Method method, int nullAt) {
    Object[] arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i == nullAt ? null : sample(method.getParameterTypes()[i]);
    }
    boolean isStatic = Modifier.isStatic(method.getModifiers());
    try {
      method.invoke(isStatic ? null : sample(type), arguments);
      return new Outcome("not refused");
    } catch (InvocationTargetException e) {
      // The JVM's own messages, of a null that was used, are sentences.
      return e.getCause() instanceof NullPointerException thrown
              && thrown.getMessage() != null
              && thrown.getMessage().matches("[a-zA-Z]+")
          ? new Outcome(null)
          : new Outcome(e.getCause().toString());
    } catch (IllegalAccessException e) {
      return new Outcome(e.toString());
    }
  }

  private Object sample(Class<?> type) {
    Supplier<Object> sample = samples.get(type);
    if (sample == null) {
      throw new AssertionError("add a sample of " + type + " to this test");
    }
    return sample.get();
  }

  private static boolean mustNotBeNull(Method method, int parameter) {
    if (method.getParameterTypes()[parameter].isPrimitive()
        || method.getName().equals("equals")
        || method.getGenericParameterTypes()[parameter] instanceof TypeVariable<?>) {
      return false;
    }
    AnnotatedType type = method.getAnnotatedParameterTypes()[parameter];
    for (Annotation annotation : type.getAnnotations()) {
      if (annotation instanceof Nullable) {
        return false;
      }
    }
    return true;
  }

  /** But for enums, what users implement, and exceptions. */
  private static List<Class<?>> publicTypes() {
    List<Class<?>> types = new ArrayList<>();
    for (String name : PACKAGES) {
      for (Class<?> type : classesOf(name)) {
        boolean isPublic = Modifier.isPublic(type.getModifiers());
        if (isPublic
            && !type.isEnum()
            && type != FiberScope.Joiner.class
            && !type.isAnnotationPresent(FunctionalInterface.class)
            && !Throwable.class.isAssignableFrom(type)) {
          types.add(type);
        }
      }
    }
    return types;
  }

  private static List<Class<?>> classesOf(String packageName) {
    try {
      URI classes = Coroutine.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      Path folder = Path.of(classes).resolve(packageName.replace('.', '/'));
      List<Class<?>> found = new ArrayList<>();
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(".class") && !name.equals("package-info.class")) {
            found.add(Class.forName(packageName + "." + name.replace(".class", "")));
          }
        }
      }
      return found;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
