package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * The Flight Recorder samples every millisecond, by both its samplers, and the collector runs again
 * and again, while C code works on a coroutine's stack: signals land there, with the stack pointer
 * outside the bounds that HotSpot knows.
 *
 * <p>Arguments: the library of C functions; "ordinary" or "critical".
 */
public final class ForeignProfiled {
  private static final long YIELDS = 4_000;

  /** Some 50 microseconds. */
  private static final long STEPS = 50_000;

  static volatile Object garbage = "";

  private ForeignProfiled() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    SymbolLookup library = SymbolLookup.libraryLookup(Path.of(arguments[0]), Arena.global());
    Path file = Files.createTempFile("stackful", ".jfr");
    Thread collector = Thread.ofPlatform().daemon().start(ForeignProfiled::collect);
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(1));
      recording.enable("jdk.NativeMethodSample").withPeriod(Duration.ofMillis(1));
      recording.enable("jdk.CPUTimeSample").with("throttle", "1ms");
      recording.start();
      run(library, arguments[1].equals("critical"));
      recording.stop();
      recording.dump(file);
      Map<String, Integer> samples = new TreeMap<>();
      for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
        samples.merge(event.getEventType().getName(), 1, Integer::sum);
      }
      System.out.println("samples: " + samples);
    } finally {
      Files.delete(file);
    }
    if (!collector.isAlive()) {
      throw new AssertionError("the collector's thread has ended");
    }
    System.out.println("yielded " + YIELDS);
  }

  private static void run(SymbolLookup library, boolean critical) {
    ForeignCoroutine.Builder builder = ForeignCoroutine.builder().stackSize(64 * 1024);
    try (ForeignCoroutine c = critical ? builder.critical().build() : builder.build()) {
      c.start(
          library.find("work").orElseThrow(),
          FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
          c.yielder().function(),
          YIELDS,
          STEPS);
      long expected = 0;
      while (c.resume()) {
        if (c.yielder().getLong(0) != expected++) {
          throw new AssertionError("a yield is missing");
        }
      }
      long sum = STEPS * (STEPS - 1) / 2 * YIELDS;
      if (expected != YIELDS || !c.result().equals(sum)) {
        throw new AssertionError(expected + " yields, and the sum " + c.result());
      }
    }
  }

  private static void collect() {
    while (true) {
      garbage = new byte[100_000];
      System.gc();
      LockSupport.parkNanos(1_000_000); // leaves the processor to the others
    }
  }
}
