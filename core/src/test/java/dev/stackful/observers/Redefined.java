package dev.stackful.observers;

import dev.stackful.Coroutine;
import dev.stackful.Yielder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Redefines the class of a body that is suspended. The program and the agent are one: the methods
 * that change are in {@link Versions}.
 */
public final class Redefined {
  private static @Nullable Instrumentation instrumentation;

  private Redefined() {}

  /** Called by the JVM. */
  public static void premain(String argument, Instrumentation given) {
    instrumentation = given;
  }

  /** What is redefined: each text that says "version 1" says "version 2" then. */
  static final class Versions {
    private Versions() {}

    static Object body(Yielder<Object, Object> self) {
      self.yield(version());
      String ofFrame = "version 1";
      self.yield(ofFrame + ", calls " + version());
      return ofFrame + ", calls " + version();
    }

    static String version() {
      return "version 1";
    }
  }

  private static final class NextVersion implements ClassFileTransformer {
    @Override
    public byte @Nullable [] transform(
        @Nullable ClassLoader loader,
        String name,
        @Nullable Class<?> type,
        ProtectionDomain domain,
        byte[] original) {
      if (type != Versions.class) {
        return null;
      }
      CodeTransform texts =
          (builder, element) -> {
            if (element instanceof ConstantInstruction constant
                && "version 1".equals(constant.constantValue())) {
              builder.loadConstant("version 2");
            } else {
              builder.with(element);
            }
          };
      ClassFile file = ClassFile.of();
      return file.transformClass(
          file.parse(original), ClassTransform.transformingMethodBodies(texts));
    }
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    Coroutine<Object, Object> c = Coroutine.of((self, first) -> Versions.body(self));
    System.out.println("before: " + c.resume());
    instrumentation.addTransformer(new NextVersion(), true);
    instrumentation.retransformClasses(Versions.class);
    System.gc();
    System.out.println("suspended since before: " + c.resume());
    System.out.println("classes of the library: " + retransformLibrary());
    System.gc();
    System.out.println("at its end: " + c.resume());
    try (Coroutine<Object, Object> fresh = Coroutine.of((self, first) -> Versions.body(self))) {
      System.out.println("begun since: " + fresh.resume());
      System.out.println("begun since: " + fresh.resume());
    }
  }

  /** All of its classes are loaded again, though they are the same. */
  private static int retransformLibrary() throws UnmodifiableClassException {
    List<Class<?>> classes = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (type.getName().startsWith("dev.stackful.")
          && type.getModule() == Coroutine.class.getModule()
          && instrumentation.isModifiableClass(type)) {
        classes.add(type);
      }
    }
    instrumentation.retransformClasses(classes.toArray(Class<?>[]::new));
    return classes.size();
  }
}
