package dev.stackful.torture;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has one call of the library's fail, before it has begun, as any may for want of stack or memory.
 * In which of its classes and where, {@link #plant} decides; which one in turn, {@link #arm} does.
 */
public final class FailingCalls {
  /** Those on whose calls no coroutine waits. */
  private static final Set<String> HELPERS =
      Set.of(
          "stackful-janitor",
          "stackful-finder",
          "stackful-reaper",
          "stackful-interrupts",
          "stackful-watchdog");

  /** A class initializer; and what fibers ask in the middle of their ends, which are not tried. */
  private static final Set<String> NOT_IN = Set.of("<clinit>", "hasHeadroom");

  private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);

  /** How many calls there are to the one that fails; 0 or less for none. */
  private static final AtomicLong LEFT = new AtomicLong();

  private static volatile @Nullable Supplier<? extends Error> error;

  private FailingCalls() {}

  /** Writes classes whose calls may fail into a folder, for the beginning of a class path. */
  static void plant(Path folder, List<String> types) throws IOException {
    for (String type : types) {
      String file = type.replace('.', '/') + ".class";
      byte[] sound;
      try (InputStream in = FailingCalls.class.getClassLoader().getResourceAsStream(file)) {
        sound = in.readAllBytes();
      }
      ClassFile classes = ClassFile.of();
      byte[] failing =
          classes.transformClass(
              classes.parse(sound),
              ClassTransform.transformingMethodBodies(
                  method -> !NOT_IN.contains(method.methodName().stringValue()),
                  (builder, element) -> {
                    if (element instanceof InvokeInstruction
                        || element instanceof InvokeDynamicInstruction
                        || element instanceof NewObjectInstruction) {
                      builder.invokestatic(
                          ClassDesc.of(FailingCalls.class.getName()), "aboutToCall", NOTHING);
                    }
                    builder.with(element);
                  }));
      Path target = folder.resolve(file);
      Files.createDirectories(target.getParent());
      Files.write(target, failing);
    }
  }

  /** The call of this number, from now on, fails. */
  static void arm(long number, Supplier<? extends Error> thrown) {
    error = thrown;
    LEFT.set(number);
  }

  /** None fails any more. Returns whether one did since {@link #arm}. */
  static boolean disarm() {
    return LEFT.getAndSet(0) <= 0;
  }

  /** What the planted classes do before each call. */
  public static void aboutToCall() {
    if (LEFT.get() <= 0
        || HELPERS.contains(Thread.currentThread().getName())
        || LEFT.decrementAndGet() != 0) {
      return;
    }
    Error thrown = error.get();
    System.out.println(
        thrown.getClass().getSimpleName()
            + " in "
            + thrown.getStackTrace()[1]
            + " on "
            + Thread.currentThread().getName());
    throw thrown;
  }
}
