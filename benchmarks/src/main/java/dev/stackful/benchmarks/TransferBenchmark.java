package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One transfer, of 1,000 between two coroutines for each resume of the first. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(TransferBenchmark.TRANSFERS)
public class TransferBenchmark {
  static final int TRANSFERS = 1_000;

  /** Two that hand a value to and fro. */
  @State(Scope.Thread)
  public static class Pair {
    private final Coroutine<Object, Object> other =
        Coroutine.builder()
            .engine(Engine.NATIVE)
            .build(
                (self, first) -> {
                  Object value = first;
                  while (true) {
                    value = self.transferTo(first(), value);
                  }
                });
    private final Coroutine<Object, Object> first =
        Coroutine.builder()
            .engine(Engine.NATIVE)
            .build(
                (self, handedIn) -> {
                  Object value = handedIn;
                  while (true) {
                    for (int i = 0; i < TRANSFERS / 2; i++) {
                      value = self.transferTo(other, value);
                    }
                    value = self.yield(value);
                  }
                });
    private final Object value = new Object();

    private Coroutine<Object, Object> first() {
      return first;
    }

    @TearDown(Level.Trial)
    public void close() {
      first.close();
      other.close();
    }
  }

  @Benchmark
  public Object transferNative(Pair pair) {
    return pair.first.resume(pair.value);
  }
}
