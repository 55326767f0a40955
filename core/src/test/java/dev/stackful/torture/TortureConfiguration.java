package dev.stackful.torture;

import dev.stackful.observers.CallTraces;
import dev.stackful.observers.Debugger;
import dev.stackful.observers.Dumps;
import dev.stackful.observers.Gdb;
import dev.stackful.observers.Observer;
import dev.stackful.observers.Recordings;
import dev.stackful.observers.Redefinitions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A way to run the JVM under which the torture programs must hold. */
enum TortureConfiguration {
  DEFAULT,
  SERIAL("-XX:+UseSerialGC"),
  PARALLEL("-XX:+UseParallelGC"),
  G1("-XX:+UseG1GC"),
  Z("-XX:+UseZGC"),
  SHENANDOAH("-XX:+UseShenandoahGC"),
  GENERATIONAL_SHENANDOAH("-XX:+UseShenandoahGC", "-XX:ShenandoahGCMode=generational"),
  INTERPRETED("-Xint"),
  COMPILED("-Xcomp"),
  C1("-XX:TieredStopAtLevel=1"),
  CHECK_JNI("-Xcheck:jni"),
  COMPACT_HEADERS("-XX:+UseCompactObjectHeaders"),
  MEMORY_BARRIER("-XX:+UseSystemMemoryBarrier"),
  /** With G1 all the same: with so few processors the JVM would take Serial. */
  ONE_CORE("-XX:ActiveProcessorCount=1", "-XX:+UseG1GC"),
  TWO_CORES("-XX:ActiveProcessorCount=2", "-XX:+UseG1GC"),
  FLIGHT_RECORDER(() -> List.of(new Recordings())),
  CALL_TRACES(() -> List.of(new CallTraces(CallTraces.Timer.THREADS, Signals.SIGPROF))),
  CALL_TRACES_OF_PROCESS(() -> List.of(new CallTraces(CallTraces.Timer.PROCESS, Signals.SIGPROF))),
  DUMPED(() -> List.of(new Dumps())),
  DEBUGGED(() -> List.of(new Debugger(true))),
  REDEFINED(() -> List.of(new Redefinitions())),
  GDB(() -> List.of(new Gdb())),
  /** All at once. SIGPROF is the Flight Recorder's then. */
  OBSERVED(
      () ->
          List.of(
              new Recordings(),
              new CallTraces(CallTraces.Timer.THREADS, Signals.SIGVTALRM),
              new Dumps(),
              new Debugger(false),
              new Redefinitions(),
              new Gdb()));

  /** What another JDK or another processor is tried with: the rest is the same code there. */
  static final List<TortureConfiguration> REDUCED = List.of(DEFAULT, SERIAL, G1, Z, INTERPRETED);

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> flags;

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Supplier<List<Observer>> observers;

  TortureConfiguration(String... flags) {
    this.flags = List.of(flags);
    this.observers = List::of;
  }

  TortureConfiguration(Supplier<List<Observer>> observers) {
    this.flags = List.of();
    this.observers = observers;
  }

  /** By how much longer a program may take, beyond the seconds that it is told. */
  int slowness() {
    return this == COMPILED || !observers().isEmpty() ? 3 : 1;
  }

  /** What looks at the JVM meanwhile, and has seen nothing yet. */
  List<Observer> observers() {
    return observers.get();
  }

  /** Its name on the command line and in tables. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The JVM's flags. Little heap, so that the collector runs all the time. */
  List<String> flags() {
    return Stream.concat(Stream.of("-Xmx256m"), flags.stream()).toList();
  }

  /** What stands before the command: the processors that the kernel gives it. */
  List<String> prefix() {
    int cores = this == ONE_CORE ? 1 : this == TWO_CORES ? 2 : 0;
    if (cores == 0 || !Files.isExecutable(Path.of("/usr/bin/taskset"))) {
      return List.of();
    }
    List<String> ours = allowedProcessors();
    return List.of(
        "taskset", "-c", String.join(",", ours.subList(0, Math.min(cores, ours.size()))));
  }

  /** The numbers of the processors that this process may use. */
  private static List<String> allowedProcessors() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String list =
          lines
              .filter(line -> line.startsWith("Cpus_allowed_list:"))
              .findAny()
              .orElse(": 0")
              .split(":")[1]
              .strip();
      List<String> numbers = new ArrayList<>();
      for (String range : list.split(",")) {
        String[] ends = range.split("-");
        int last = Integer.parseInt(ends[ends.length - 1]);
        for (int number = Integer.parseInt(ends[0]); number <= last; number++) {
          numbers.add(Integer.toString(number));
        }
      }
      return numbers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Numbers of signals. */
  private static final class Signals {
    static final int SIGVTALRM = 26;
    static final int SIGPROF = 27;
  }
}
