package dev.stackful.torture;

import java.util.List;
import java.util.stream.Stream;

/** A way to run the JVM under which the soak must hold. */
enum SoakConfiguration {
  DEFAULT,
  SERIAL("-XX:+UseSerialGC"),
  PARALLEL("-XX:+UseParallelGC"),
  G1("-XX:+UseG1GC"),
  Z("-XX:+UseZGC"),
  SHENANDOAH("-XX:+UseShenandoahGC"),
  INTERPRETED("-Xint"),
  COMPILED("-Xcomp"),
  CHECK_JNI("-Xcheck:jni"),
  MEMORY_BARRIER("-XX:+UseSystemMemoryBarrier"),
  /** Every sampler at its fastest: each sample suspends a thread by a signal. */
  FLIGHT_RECORDER(
      "-XX:StartFlightRecording:filename="
          + System.getProperty("java.io.tmpdir")
          + "/stackful-soak-%p.jfr,maxsize=20m,jdk.ExecutionSample#period=1ms"
          + ",jdk.NativeMethodSample#period=1ms,jdk.CPUTimeSample#enabled=true"
          + ",jdk.CPUTimeSample#throttle=1ms"),
  /** A debugger may attach: {@link SoakDebugger}. */
  DEBUGGED("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> flags;

  SoakConfiguration(String... flags) {
    this.flags = List.of(flags);
  }

  /** The JVM's flags. Little heap, so that the collector runs all the time. */
  List<String> flags() {
    return Stream.concat(Stream.of("-Xmx256m"), flags.stream()).toList();
  }
}
