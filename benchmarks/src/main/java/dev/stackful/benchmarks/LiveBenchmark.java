package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * A round trip where many coroutines are live and are resumed in turn, so that each one's stack is
 * the coldest of all.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class LiveBenchmark {
  @Param({"1", "10", "100", "1000", "10000", "20000"})
  int live;

  private final Object value = new Object();
  private final List<Coroutine<Object, Object>> coroutines = new ArrayList<>();
  private final List<ContinuationEcho> continuations = new ArrayList<>();
  private int next;

  /** Makes them, and resumes each to its first yield. */
  @Setup
  public void start(BenchmarkParams params) {
    boolean ours = params.getBenchmark().endsWith("coroutineNative");
    for (int i = 0; i < live; i++) {
      if (ours) {
        Coroutine<Object, Object> coroutine =
            Coroutine.builder().engine(Engine.NATIVE).build(Echo.ENDLESS);
        coroutine.resume(value);
        coroutines.add(coroutine);
      } else {
        ContinuationEcho echo = new ContinuationEcho(Long.MAX_VALUE);
        echo.resume(value);
        continuations.add(echo);
      }
    }
  }

  private int inTurn() {
    int turn = next;
    next = turn + 1 == live ? 0 : turn + 1;
    return turn;
  }

  @Benchmark
  public Object coroutineNative() {
    return coroutines.get(inTurn()).resume(value);
  }

  @Benchmark
  public Object continuation() {
    return continuations.get(inTurn()).resume(value);
  }

  @TearDown(Level.Trial)
  public void close() {
    coroutines.forEach(Coroutine::close);
  }
}
