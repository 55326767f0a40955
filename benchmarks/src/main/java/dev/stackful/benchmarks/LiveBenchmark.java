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
 * the coldest of all. Their bodies are compiled before they begin: a frame that was entered
 * interpreted stays so for hundreds of its round trips, and touches more lines.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class LiveBenchmark {
  /** Many times as often as HotSpot needs to compile the bodies. */
  private static final int LIVES_BEFOREHAND = 200_000;

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
    for (int i = 0; i < LIVES_BEFOREHAND; i++) {
      if (ours) {
        begin(Echo.ONCE).resume(value);
      } else {
        begin(1).resume(value);
      }
    }
    for (int i = 0; i < live; i++) {
      if (ours) {
        coroutines.add(begin(Echo.ENDLESS));
      } else {
        continuations.add(begin(Long.MAX_VALUE));
      }
    }
  }

  private Coroutine<Object, Object> begin(Echo body) {
    Coroutine<Object, Object> coroutine = Coroutine.builder().engine(Engine.NATIVE).build(body);
    coroutine.resume(value);
    return coroutine;
  }

  private ContinuationEcho begin(long yields) {
    ContinuationEcho echo = new ContinuationEcho(yields);
    echo.resume(value);
    return echo;
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
