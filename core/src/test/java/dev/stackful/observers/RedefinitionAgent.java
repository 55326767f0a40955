package dev.stackful.observers;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Redefines all classes of the library and its tests, over and over. Every second time each method
 * begins with an instruction more, which does nothing, so that the version that a suspended body
 * stands in is obsolete.
 */
public final class RedefinitionAgent implements ClassFileTransformer {
  private static final CodeTransform ONE_MORE_INSTRUCTION =
      new CodeTransform() {
        @Override
        public void atStart(CodeBuilder builder) {
          builder.nop();
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
          builder.with(element);
        }
      };

  private final Map<String, byte[]> changed = new ConcurrentHashMap<>();
  private volatile boolean changing;

  private RedefinitionAgent() {}

  /** Called by the JVM, with the folder for the count. */
  public static void premain(String folder, Instrumentation instrumentation) {
    RedefinitionAgent agent = new RedefinitionAgent();
    instrumentation.addTransformer(agent, true);
    Path file = Path.of(folder, "redefined-" + ProcessHandle.current().pid() + ".txt");
    Thread.ofPlatform()
        .daemon()
        .name("redefines")
        .start(() -> agent.redefine(instrumentation, file));
  }

  private void redefine(Instrumentation instrumentation, Path count) {
    long rounds = 0;
    long redefined = 0;
    try {
      while (true) {
        long start = System.nanoTime();
        List<Class<?>> classes = new ArrayList<>();
        Class<?> @Nullable [] loaded = instrumentation.getAllLoadedClasses();
        if (loaded == null) {
          return; // the JVM is ending (JPLISAgent.c, commonGetClassList)
        }
        for (Class<?> type : loaded) {
          if (isOurs(type.getName().replace('.', '/')) && instrumentation.isModifiableClass(type)) {
            classes.add(type);
          }
        }
        changing = rounds % 2 == 0;
        instrumentation.retransformClasses(classes.toArray(Class<?>[]::new));
        rounds++;
        redefined += classes.size();
        Files.writeString(count, rounds + " " + redefined + "\n");
        Observer.pause(start);
      }
    } catch (Throwable t) {
      System.out.println("FAILED: to redefine classes");
      t.printStackTrace(System.out);
    }
  }

  private static boolean isOurs(String name) {
    return name.startsWith("dev/stackful/") && !name.startsWith("dev/stackful/observers/");
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      String name,
      @Nullable Class<?> type,
      ProtectionDomain domain,
      byte[] original) {
    if (type == null || !changing || !isOurs(name)) {
      return null;
    }
    return changed.computeIfAbsent(
        name,
        _ -> {
          ClassFile file = ClassFile.of();
          return file.transformClass(
              file.parse(original), ClassTransform.transformingMethodBodies(ONE_MORE_INSTRUCTION));
        });
  }
}
