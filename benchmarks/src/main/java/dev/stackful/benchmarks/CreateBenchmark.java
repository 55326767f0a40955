package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A whole short life: make one, run it to its one yield, run it to its end. The native engine finds
 * a warm stack in its pool.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CreateBenchmark {

  /** What goes in and comes out. */
  @State(Scope.Thread)
  public static class Value {
    Object value = new Object();
  }

  @Benchmark
  public Object coroutineNative(Value value, Blackhole blackhole) {
    Coroutine<Object, Object> coroutine =
        Coroutine.builder().engine(Engine.NATIVE).build(Echo.ONCE);
    blackhole.consume(coroutine.resume(value.value));
    return coroutine.resume(value.value);
  }

  @Benchmark
  public Object continuation(Value value, Blackhole blackhole) {
    ContinuationEcho echo = new ContinuationEcho(1);
    blackhole.consume(echo.resume(value.value));
    return echo.resume(value.value);
  }

  @Benchmark
  public Object platformThreads(Value value, Blackhole blackhole) {
    return live(Thread.ofPlatform(), value.value, blackhole);
  }

  @Benchmark
  @Fork(value = 3, jvmArgsAppend = Jvm.ON_VIRTUAL_THREAD)
  public Object virtualThreads(Value value, Blackhole blackhole) {
    return live(Thread.ofVirtual(), value.value, blackhole);
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {Jvm.ON_VIRTUAL_THREAD, Jvm.ONE_CARRIER})
  public Object virtualThreadsOneCarrier(Value value, Blackhole blackhole) {
    return live(Thread.ofVirtual(), value.value, blackhole);
  }

  private static Object live(Thread.Builder builder, Object value, Blackhole blackhole) {
    ThreadEcho echo = new ThreadEcho(builder, 1);
    echo.start();
    blackhole.consume(echo.resume(value));
    return echo.resume(value);
  }
}
