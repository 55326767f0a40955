package dev.stackful.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What the programs in other languages do, in Java: prints how many nanoseconds of processor time a
 * round trip takes. {@link Languages} runs it.
 *
 * <p>The argument is {@code coroutine} or {@code continuation}.
 */
final class EchoMain {
  private static final long WARM_UP_NANOS = 2_000_000_000;
  private static final long NANOS = 300_000_000;

  private EchoMain() {}

  public static void main(String[] args) {
    UnaryOperator<Object> echo =
        switch (args[0]) {
          case "coroutine" -> Coroutine.builder().engine(Engine.NATIVE).build(Echo.ENDLESS)::resume;
          case "continuation" -> new ContinuationEcho(Long.MAX_VALUE)::resume;
          default -> throw new IllegalArgumentException(args[0]);
        };
    Object[] values = {"a", "b"};
    long warm = processorNanos() + WARM_UP_NANOS;
    for (long count = 1_000; ; count *= 2) {
      long before = processorNanos();
      trips(echo, values, count);
      long took = processorNanos() - before;
      if (took >= NANOS && before >= warm) {
        System.out.printf(Locale.ROOT, "%.2f%n", (double) took / count);
        return;
      }
      if (took >= NANOS) {
        count /= 2; // as many again
      }
    }
  }

  private static void trips(UnaryOperator<Object> echo, Object[] values, long count) {
    for (long i = 0; i < count; i++) {
      Object value = values[(int) (i & 1)];
      if (echo.apply(value) != value) {
        throw new IllegalStateException("another value came back");
      }
    }
  }

  /** The processor time of the process. */
  static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
