package dev.stackful.torture;

import dev.stackful.Coroutine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * The flight recorder samples a coroutine as it does any thread. It stops the thread by a signal to
 * its pthread, whose kernel thread isn't the one that runs it: where the signal isn't sent on, the
 * coroutine's samples are missing.
 */
public final class Profiled {
  private static final int ROUNDS = 500;

  /** At a sample a millisecond there would be a thousand; only a few without forwarding. */
  private static final int FEWEST_SAMPLES = 100;

  static volatile long sink;

  private Profiled() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    long[] body = {0};
    Path file = Files.createTempFile("stackful", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(1));
      recording.enable("jdk.NativeMethodSample").withPeriod(Duration.ofMillis(1));
      recording.start();
      Coroutine<Object, Object> c =
          Coroutine.of(
              (self, first) -> {
                body[0] = Thread.currentThread().threadId();
                while (true) {
                  compute(2_000_000);
                  self.yield(first);
                }
              });
      for (int i = 0; i < ROUNDS; i++) {
        c.resume("");
        compute(1_000_000);
      }
      recording.stop();
      recording.dump(file);
      Map<Long, Integer> samples = new HashMap<>();
      for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
        if (event.getEventType().getName().equals("jdk.ExecutionSample")) {
          RecordedThread thread = event.getThread("sampledThread");
          samples.merge(thread.getJavaThreadId(), 1, Integer::sum);
        }
      }
      System.out.println("samples by thread: " + samples + "; the coroutine is " + body[0]);
      int ofBody = samples.getOrDefault(body[0], 0);
      int ofResumer = samples.getOrDefault(Thread.currentThread().threadId(), 0);
      Check.that(ofBody >= FEWEST_SAMPLES, "the coroutine has only " + ofBody + " samples");
      Check.that(ofResumer >= FEWEST_SAMPLES / 4, "its resumer has only " + ofResumer);
    } finally {
      Files.delete(file);
    }
  }

  private static void compute(long nanos) {
    long end = System.nanoTime() + nanos;
    long value = 1;
    while (System.nanoTime() < end) {
      for (int i = 0; i < 10_000; i++) {
        value = 31 * value + i;
      }
    }
    sink = value;
  }
}
