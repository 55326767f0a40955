package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs that a body sees its resumer's thread-locals and interrupts: a resume and the yield
 * that answers it, by one resumer all the time, and by two in turn. The two are coroutines, so that
 * an operation with them is two round trips, one inside the other.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ContextBenchmark {
  private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();
  private final Object value = new Object();

  /** Whose context the body has. */
  @Param Coroutine.Context context;

  private Coroutine<Object, Object> body;
  private Coroutine<Object, Object> one;
  private Coroutine<Object, Object> other;

  /** Every resumer has a map of thread-locals of its own. */
  @Setup
  public void start() {
    LOCAL.set(value);
    body = Coroutine.builder().engine(Engine.NATIVE).context(context).build(Echo.ENDLESS);
    one = resumer();
    other = resumer();
  }

  private Coroutine<Object, Object> resumer() {
    return Coroutine.builder()
        .engine(Engine.NATIVE)
        .build(
            (self, first) -> {
              LOCAL.set(value);
              Object next = first;
              while (true) {
                next = self.yield(body.resume(next));
              }
            });
  }

  @Benchmark
  public Object sameResumer() {
    return body.resume(value);
  }

  /** Through one coroutine: what the next one is to be compared with. */
  @Benchmark
  @OperationsPerInvocation(2)
  public Object sameResumerInside() {
    one.resume(value);
    return one.resume(value);
  }

  @Benchmark
  @OperationsPerInvocation(2)
  public Object anotherResumerEachTime() {
    one.resume(value);
    return other.resume(value);
  }
}
