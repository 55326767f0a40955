package dev.stackful.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import dev.stackful.internal.engine.StartupCheck;
import dev.stackful.internal.engine.StartupChecks;
import dev.stackful.internal.os.NativeAccess;
import dev.stackful.internal.os.ResourceLimits;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Says which engine this machine gets, check by check why, and which flags are worth giving. */
final class Doctor {
  private static final String MEMORY_BARRIER = "-XX:+UseSystemMemoryBarrier";

  private Doctor() {}

  /** {@return whether coroutines that ask for no engine get one here} */
  static boolean run(PrintStream out) {
    out.printf(
        "%s %s on %s %s, %s%n%n",
        System.getProperty("java.vm.name"),
        Runtime.version(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"));
    boolean usable = preferred(out);
    out.println();
    for (Engine engine : Engine.values()) {
      out.printf("  %-16s %s%n", engine, finding(engine));
    }
    out.println();
    out.println("C functions as coroutines: " + foreignCoroutines());
    out.println();
    out.println("Checks for the engine NATIVE");
    for (StartupCheck check : StartupChecks.results()) {
      out.printf("  %-8s %-22s %s%n", word(check.outcome()), check.name(), check.finding());
    }
    out.println();
    out.println("Limits: a coroutine takes a kernel thread and two mappings on NATIVE and");
    out.println("PLATFORM_THREAD, and heap on VIRTUAL_THREAD");
    for (String limit : ResourceLimits.describeThreadLimits()) {
      out.println("  " + limit);
    }
    out.println("  heap = " + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB");
    out.println();
    out.println("Flags worth giving");
    nativeAccess(out);
    memoryBarrier(out);
    return usable;
  }

  private static boolean preferred(PrintStream out) {
    boolean usable = false;
    String which;
    try {
      Engine engine = Engine.preferred();
      usable = engine.isAvailable();
      which = engine + (usable ? "" : ", which is not available here");
    } catch (IllegalArgumentException e) {
      which = "none: " + e.getMessage();
    }
    out.println("Coroutines that ask for no engine get " + which + ".");
    return usable;
  }

  /** Tries the engine, whatever it says of itself. */
  private static String finding(Engine engine) {
    if (!engine.isAvailable()) {
      return "not available: " + engine.unavailableReason();
    }
    try (Coroutine<Integer, Integer> twice =
        Coroutine.builder()
            .engine(engine)
            .name("doctor")
            .build((self, first) -> self.yield(2 * first) + 1)) {
      boolean yielded = twice.resume(20) == 40 && twice.state() == Coroutine.State.SUSPENDED;
      boolean returned = twice.resume(1) == 2 && twice.isDone();
      return yielded && returned
          ? "available: a coroutine yielded, went on and returned"
          : "FAILED: a coroutine came back with wrong values; please report this";
    } catch (RuntimeException e) {
      return "FAILED: " + e;
    }
  }

  /** Tries a C function that calls back. */
  private static String foreignCoroutines() {
    try (ForeignCoroutine search = ForeignCoroutine.ofConfined()) {
      ForeignCallback compare = search.callback(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
      MemorySegment bsearch = Linker.nativeLinker().defaultLookup().findOrThrow("bsearch");
      MemorySegment key = MemorySegment.ofAddress(1); // never looked at but by the comparison
      search.start(
          bsearch,
          FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS),
          key,
          key,
          1L,
          1L,
          compare.function());
      boolean calledBack = search.resume() && compare.getSegment(0).equals(key);
      boolean returned = !search.resume(0) && key.equals(search.result());
      return calledBack && returned
          ? "available: bsearch called back, was answered and returned"
          : "FAILED: bsearch came back with wrong values; please report this";
    } catch (UnsupportedOperationException | IllegalCallerException e) {
      return "not available: " + e.getMessage();
    } catch (RuntimeException e) {
      return "FAILED: " + e;
    }
  }

  private static String word(StartupCheck.Outcome outcome) {
    return switch (outcome) {
      case PASSED -> "ok";
      case MISSING -> "missing";
      case FAILED -> "FAILED";
      case NOT_TRIED -> "-";
    };
  }

  private static void nativeAccess(PrintStream out) {
    out.printf(
        "  %-40s %s%n",
        NativeAccess.flag(),
        NativeAccess.isGiven()
            ? "given"
            : "not given: the JVM warns, and a later release will refuse");
  }

  private static void memoryBarrier(PrintStream out) {
    List<String> given =
        Arrays.asList(ProcessHandle.current().info().arguments().orElse(new String[0]));
    out.printf(
        "  %-40s %s%n",
        MEMORY_BARRIER,
        given.contains(MEMORY_BARRIER)
            ? "given"
            : "not given: takes a fence out of every downcall; see whether you gain");
  }
}
