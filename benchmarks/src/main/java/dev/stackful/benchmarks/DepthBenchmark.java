package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A round trip to a yield that so many calls lie above, where all of them return and are made anew
 * each time: a switch takes the same at any depth, and a continuation copies the frames that it
 * needs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class DepthBenchmark {
  @Param({"1", "5", "20", "100", "500"})
  int depth;

  private final Object value = new Object();
  private Coroutine<Object, Object> coroutine;
  private ContinuationEcho continuation;

  /** Makes both. */
  @Setup
  public void start() {
    int calls = depth;
    coroutine =
        Coroutine.builder()
            .engine(Engine.NATIVE)
            .build(
                (self, first) -> {
                  echo(calls, self::yield, first);
                  return first;
                });
    continuation = new ContinuationEcho((yield, first) -> echo(calls, yield, first));
  }

  private static void echo(int calls, UnaryOperator<Object> yield, Object first) {
    Object last = first;
    while (true) {
      last = descend(calls, last, yield);
    }
  }

  /** Yields below so many calls. */
  static Object descend(int calls, Object given, UnaryOperator<Object> yield) {
    if (calls == 1) {
      return yield.apply(given);
    }
    return descend(calls - 1, given, yield);
  }

  @Benchmark
  public Object coroutineNative() {
    return coroutine.resume(value);
  }

  @Benchmark
  public Object continuation() {
    return continuation.resume(value);
  }

  @TearDown(Level.Trial)
  public void close() {
    coroutine.close();
  }
}
