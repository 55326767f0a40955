package dev.stackful.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  /** Every sampler at its fastest: each sample suspends a thread by a signal. */
  FLIGHT_RECORDER(
      "-XX:StartFlightRecording:filename="
          + "FOLDER/recording.jfr,maxsize=20m,jdk.ExecutionSample#period=1ms"
          + ",jdk.NativeMethodSample#period=1ms,jdk.CPUTimeSample#enabled=true"
          + ",jdk.CPUTimeSample#throttle=1ms"),
  /** A debugger may attach: {@link SoakDebugger}. */
  DEBUGGED("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");

  /** What another JDK or another processor is tried with: the rest is the same code there. */
  static final List<TortureConfiguration> REDUCED = List.of(DEFAULT, SERIAL, G1, Z, INTERPRETED);

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> flags;

  TortureConfiguration(String... flags) {
    this.flags = List.of(flags);
  }

  /** Its name on the command line and in tables. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The JVM's flags. Little heap, so that the collector runs all the time. */
  List<String> flags(Path folder) {
    return Stream.concat(
            Stream.of("-Xmx256m"), flags.stream().map(flag -> flag.replace("FOLDER", "" + folder)))
        .toList();
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
}
