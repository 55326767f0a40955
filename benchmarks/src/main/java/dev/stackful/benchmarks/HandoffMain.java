package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.Locale;

/**
 * A program that prints how many nanoseconds a round trip takes, by the clock, and of processor
 * time. {@link BusyMachine} runs it.
 *
 * <p>The arguments are an engine, and for how many microseconds each side computes before it hands
 * over.
 */
final class HandoffMain {
  private static final long WARM_UP_NANOS = 700_000_000;
  private static final long NANOS = 700_000_000;

  /** How many round trips come between two looks at the clock. */
  private static final int AT_ONCE = 32;

  private HandoffMain() {}

  public static void main(String[] args) {
    long turnNanos = 1_000 * Long.parseLong(args[1]);
    Coroutine<Object, Object> coroutine =
        Coroutine.builder()
            .engine(Engine.valueOf(args[0]))
            .build(
                (self, first) -> {
                  Object value = first;
                  while (true) {
                    compute(turnNanos);
                    value = self.yield(value);
                  }
                });
    trips(coroutine, turnNanos, WARM_UP_NANOS);
    long processorBefore = EchoMain.processorNanos();
    long before = System.nanoTime();
    double count = trips(coroutine, turnNanos, NANOS);
    long took = System.nanoTime() - before;
    long processorTook = EchoMain.processorNanos() - processorBefore;
    System.out.printf(Locale.ROOT, "%.1f %.1f%n", took / count, processorTook / count);
    coroutine.close();
  }

  /** Makes round trips for a time, and returns how many they were. */
  private static long trips(Coroutine<Object, Object> coroutine, long turnNanos, long nanos) {
    Object value = new Object();
    long begin = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - begin < nanos) {
      for (int i = 0; i < AT_ONCE; i++) {
        compute(turnNanos);
        if (coroutine.resume(value) != value) {
          throw new IllegalStateException("another value came back");
        }
      }
      count += AT_ONCE;
    }
    return count;
  }

  private static void compute(long nanos) {
    if (nanos > 0) {
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < nanos) {
        // as if it had something to do
      }
    }
  }
}
