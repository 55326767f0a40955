package dev.stackful.internal.engine;

import dev.stackful.internal.os.Isa;
import java.util.List;

/**
 * Loads and initializes what a program's first coroutine needs, on a thread beside the JDK's
 * linker, which takes some 50 ms for its first type. So where there are two processors, a third of
 * all that comes after the linker is done by then; where there is one, it is done in another order.
 *
 * <p>The classes are named, and in the order of their use: a test compares them with what a first
 * coroutine loads. One that isn't there, or can't be initialized, is left to whoever needs it.
 *
 * <p>Two threads that initialize classes can wait for each other, if the initializers depend on
 * each other in a circle. So initializers that call native code, or what belongs to {@code
 * java.lang.foreign}, are none of this thread's business; nor are those that take a lock which a
 * thread may hold that waits for this one, such as the Flight Recorder's or a logger's. Their
 * classes are loaded and verified, and no more.
 */
final class ClassesAhead implements Runnable {
  static final List<String> INITIALIZED =
      List.of(
          "internal.engine.ThreadLocalMaps",
          "internal.engine.ThreadLocalMaps$SearchAhead",
          "internal.os.PrivateFieldSearch",
          "internal.engine.Settings",
          "internal.engine.Headroom",
          "internal.engine.StackThread",
          "internal.engine.NativeStackThread",
          "internal.os.Processor",
          "internal.os.SystemCall",
          "internal.asm.Assembler",
          "internal.asm.Label",
          "internal.asm.Assembler$Draft",
          "internal.asm.Assembler$Reference",
          "internal.asm.Line",
          "internal.asm.Listing",
          "internal.os.Signals",
          "internal.engine.SelfTest",
          "internal.engine.StackTask",
          "internal.engine.SelfTest$Probe",
          "internal.engine.NativeEngine",
          "internal.engine.CoroutineStack",
          "internal.engine.NativeStack",
          "internal.os.ThreadDescriptor",
          "internal.context.RecentSwitches",
          "internal.os.OperatingSystem",
          "internal.os.OperatingSystem$Current",
          "internal.os.Linux",
          "internal.context.Routines",
          "internal.engine.ThreadLocalProbe",
          "internal.engine.ThreadLocalProbe$Sharer",
          "internal.frame.MappedRoutines",
          "internal.context.KernelThreadId",
          "internal.context.KernelThreadId$Comparison",
          "internal.os.SpinLock",
          "internal.engine.NativeStackPool",
          "internal.engine.Reclamation",
          "internal.engine.NativeEngine$Janitor",
          "internal.engine.NativeEngine$Exit",
          "internal.engine.StackRequest",
          "internal.engine.StackLimits",
          "internal.os.MappingBudget",
          "internal.os.ResourceLimits",
          "internal.os.ProcessMaps",
          "internal.context.StackContext",
          "internal.context.ParkingSlab$Slot",
          "internal.os.RestartableSequence",
          "internal.engine.StartupChecks$Outcome",
          "Yielder",
          "internal.watch.ObservedCoroutine",
          "Turn",
          "ForcedUnwind",
          "CoroutineLimitException",
          "internal.watch.CoroutineEvents",
          "internal.watch.CoroutineEvents$Beginning",
          "ResumersContext",
          "ResumersContext$Watch",
          "ContextElements",
          "internal.watch.AbandonedCoroutines$Handle",
          "internal.watch.AbandonedCoroutines$Made",
          "internal.watch.AbandonedCoroutines",
          "internal.watch.AbandonedCoroutines$Finder",
          "internal.watch.ObservedTurn");

  private static final List<String> AMD64 =
      List.of(
          "internal.asm.Amd64Assembler",
          "internal.asm.Amd64Assembler$Reg",
          "internal.asm.Amd64Assembler$Mem",
          "internal.context.Amd64Routines",
          "internal.frame.Amd64SavedFrame",
          "internal.os.SystemCallRoutine$Amd64");

  private static final List<String> AARCH64 =
      List.of(
          "internal.asm.Aarch64Assembler",
          "internal.asm.Aarch64Assembler$Reg",
          "internal.asm.Aarch64Assembler$VReg",
          "internal.asm.Aarch64Assembler$Indexing",
          "internal.context.Aarch64Routines",
          "internal.frame.Aarch64SavedFrame",
          "internal.os.SystemCallRoutine$Aarch64");

  static final List<String> LINKED =
      List.of(
          "internal.os.LibC",
          "internal.os.VirtualMemory",
          "internal.os.JniEnvironment",
          "internal.os.SystemCallRoutine",
          "internal.context.ContextSwitch",
          "internal.engine.ThreadLocalMaps$Handles",
          "internal.context.ParkingSlab",
          "internal.os.Linux$Guards",
          "internal.engine.StackTop",
          "internal.os.Futex",
          "internal.watch.Watchdog",
          "CoroutineCore");

  private final Isa isa;

  private ClassesAhead(Isa isa) {
    this.isa = isa;
  }

  /** Starts the thread, where one can be had. */
  static void start(Isa isa) {
    try {
      LibraryThreads.daemon("stackful-classes", new ClassesAhead(isa)).start();
    } catch (OutOfMemoryError e) {
      // no thread for it: whoever needs the classes loads them
    }
  }

  static List<String> initializedOn(Isa isa) {
    return switch (isa) {
      case AMD64 -> AMD64;
      case AARCH64 -> AARCH64;
    };
  }

  @Override
  public void run() {
    prepare(INITIALIZED, true);
    prepare(initializedOn(isa), true);
    prepare(LINKED, false);
  }

  private static void prepare(List<String> names, boolean initialize) {
    String own = ClassesAhead.class.getName();
    String root = own.substring(0, own.length() - "internal.engine.ClassesAhead".length());
    for (String name : names) {
      try {
        Class<?> type = Class.forName(root + name, initialize, ClassesAhead.class.getClassLoader());
        if (!initialize) {
          // HotSpot verifies a class before it tells of its members (jvm.cpp,
          // get_class_declared_methods_helper): most of what a class takes.
          var _ = type.getDeclaredConstructors();
        }
      } catch (Throwable t) {
        // whoever needs it will tell
      }
    }
  }
}
