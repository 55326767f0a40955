package dev.stackful.internal.engine;

import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.Lazy;
import dev.stackful.internal.os.LibC;
import dev.stackful.internal.os.NativeAccess;
import dev.stackful.internal.os.Processor;
import dev.stackful.internal.os.Signals;
import dev.stackful.internal.os.SystemCallException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What must hold on this machine before the native engine is offered. Each check names a crash or a
 * hang that it prevents; docs/native-engine.md tells them. They run once, in order, and stop at the
 * first that fails, since the later ones need the earlier ones.
 */
public final class StartupChecks {
  /** A check that failed, with the reason in words. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String reason) {
      super(reason);
    }
  }

  /** What a check did not find, and the engine does without. */
  private static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;

    Missing(String reason) {
      super(reason);
    }
  }

  /** The checks in their order. An enum, since each lambda takes a program's start a while. */
  private enum Check {
    LINUX("Linux"),
    PROCESSOR("x86-64 or AArch64"),
    HOTSPOT("HotSpot"),
    NATIVE_ACCESS("native access"),
    GLIBC("glibc"),
    THREAD_POINTER("thread pointer"),
    SHADOW_STACK("no shadow stack"),
    SUSPEND_RESUME_SIGNAL("suspend/resume signal"),
    SELF_TEST("self-test"),
    THREAD_LOCALS("thread-locals");

    private final String title;

    Check(String title) {
      this.title = title;
    }

    /** Its finding, or a refusal. */
    String run() throws Refusal, Missing {
      return switch (this) {
        case LINUX -> linux();
        case PROCESSOR -> processor();
        case HOTSPOT -> hotSpot();
        case NATIVE_ACCESS -> nativeAccess();
        case GLIBC -> glibc();
        case THREAD_POINTER -> threadPointer();
        case SHADOW_STACK -> shadowStack();
        case SUSPEND_RESUME_SIGNAL -> suspendResumeSignal();
        case SELF_TEST -> selfTest();
        case THREAD_LOCALS -> threadLocals();
      };
    }
  }

  private StartupChecks() {}

  /** What all of them came to. */
  private record Outcome(List<StartupCheck> results, Optional<String> refusal) {}

  private static final Lazy<Outcome> OUTCOME =
      new Lazy<>() {
        @Override
        protected Outcome make() {
          List<StartupCheck> results = runAll();
          for (StartupCheck check : results) {
            if (check.outcome() == StartupCheck.Outcome.FAILED) {
              return new Outcome(results, Optional.of(check.finding()));
            }
          }
          return new Outcome(results, Optional.empty());
        }
      };

  /** All checks with their outcomes; run at the first call. */
  public static List<StartupCheck> results() {
    return OUTCOME.get().results;
  }

  /** Why the native engine is not offered; empty if it is. */
  public static Optional<String> refusal() {
    return OUTCOME.get().refusal;
  }

  private static List<StartupCheck> runAll() {
    List<StartupCheck> results = new ArrayList<>();
    boolean failed = false;
    for (Check check : Check.values()) {
      if (failed) {
        results.add(
            new StartupCheck(
                check.title, StartupCheck.Outcome.NOT_TRIED, "needs the check that failed"));
        continue;
      }
      try {
        results.add(new StartupCheck(check.title, StartupCheck.Outcome.PASSED, check.run()));
      } catch (Missing e) {
        results.add(new StartupCheck(check.title, StartupCheck.Outcome.MISSING, e.getMessage()));
      } catch (Refusal | RuntimeException | LinkageError e) {
        failed = true;
        Throwable cause = e instanceof ExceptionInInitializerError ? e.getCause() : e;
        String reason = e instanceof Refusal ? e.getMessage() : check.title + ": " + cause;
        results.add(new StartupCheck(check.title, StartupCheck.Outcome.FAILED, reason));
      }
    }
    return List.copyOf(results);
  }

  private static String linux() throws Refusal {
    String system = System.getProperty("os.name", "");
    if (!system.equals("Linux")) {
      throw new Refusal("the native engine is for Linux; this is " + system);
    }
    return system + " " + System.getProperty("os.version", "");
  }

  private static Isa isa() throws Refusal {
    Optional<Isa> isa = Isa.current();
    if (isa.isEmpty()) {
      throw new Refusal(
          "the native engine is for x86-64 and AArch64; this is " + System.getProperty("os.arch"));
    }
    return isa.get();
  }

  private static String processor() throws Refusal {
    return isa().displayName();
  }

  private static String hotSpot() throws Refusal {
    String vm = System.getProperty("java.vm.name", "");
    boolean nativeImage = System.getProperty("org.graalvm.nativeimage.imagecode") != null;
    if (nativeImage || !(vm.contains("OpenJDK") || vm.contains("HotSpot"))) {
      throw new Refusal(
          "the native engine relies on how HotSpot treats threads in native code; this VM is "
              + (nativeImage ? "a native image" : vm));
    }
    return vm + " " + System.getProperty("java.runtime.version", ""); // Runtime's takes 4 ms
  }

  private static String nativeAccess() throws Refusal {
    boolean given = NativeAccess.isGiven(); // the first use gives it
    ClassesAhead.start(isa());
    try {
      NativeAccess.require();
    } catch (IllegalCallerException e) {
      throw new Refusal(e.getMessage());
    }
    ThreadLocalMaps.searchAhead(); // takes a third of all that follows
    return given ? "enabled" : "allowed with a warning; give " + NativeAccess.flag();
  }

  private static String glibc() throws Refusal {
    Optional<String> version = LibC.glibcVersion();
    if (version.isEmpty()) {
      throw new Refusal(
          "the C library is not glibc: musl's raise and setuid take the kernel's thread id for the"
              + " calling thread's");
    }
    return version.get();
  }

  private static String threadPointer() throws Refusal {
    return switch (isa()) {
      case AARCH64 -> "TPIDR_EL0 is the program's own";
      case AMD64 -> {
        if (!Processor.hasFsGsBase()) {
          throw new Refusal(
              "the kernel does not let programs set the FS base (AT_HWCAP2 bit 1, FSGSBASE):"
                  + " it takes Linux 5.9, and a processor or hypervisor that offers it");
        }
        yield "wrfsbase is enabled (FSGSBASE)";
      }
    };
  }

  private static String shadowStack() throws Refusal {
    Optional<String> refusal = Processor.shadowStackRefusal(isa());
    if (refusal.isPresent()) {
      throw new Refusal(refusal.get());
    }
    return "off";
  }

  private static String suspendResumeSignal() throws Refusal {
    int signal = Signals.suspendResume();
    String library = Signals.handlerLibrary(signal).orElse("no library");
    if (!library.contains("libjvm")) {
      throw new Refusal(
          "signal "
              + signal
              + " should be HotSpot's suspend/resume signal, but its handler lies in "
              + library
              + ": set _JAVA_SR_SIGNUM to a signal that nothing else uses");
    }
    return "signal " + signal + ", handled by libjvm";
  }

  private static String threadLocals() throws Missing {
    Optional<String> refusal = ThreadLocalMaps.refusal();
    if (refusal.isPresent()) {
      throw new Missing(
          "each coroutine gets a new thread, as the thread-locals of an old one can't be erased: "
              + refusal.get());
    }
    return "can be erased, and shared with a resumer";
  }

  private static String selfTest() throws Refusal {
    try {
      return SelfTest.run();
    } catch (SystemCallException | StackLimitException | IllegalStateException e) {
      throw new Refusal("the self-test failed: " + e.getMessage());
    }
  }
}
