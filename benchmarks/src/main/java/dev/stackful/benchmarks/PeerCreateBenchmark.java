package dev.stackful.benchmarks;

import dev.stackful.Engine;
import dev.stackful.Generator;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
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
 * What {@link CreateBenchmark} does, by libraries that rewrite byte code; and a sequence of
 * Kotlin's and a generator of ours with one element, each taken to its end.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PeerCreateBenchmark {

  /** What goes in and comes out. */
  @State(Scope.Thread)
  public static class Value {
    Object value = new Object();
    final Object[] elements = {value};
    final Generator<Object> generator =
        Generator.<Object>of(scope -> scope.yield(value)).on(Engine.NATIVE);
  }

  @Benchmark
  public void generator(Value value, Blackhole blackhole) {
    drain(value.generator.iterator(), blackhole);
  }

  @Benchmark
  public void kotlinSequence(Value value, Blackhole blackhole) {
    drain(KotlinPeer.sequence(value.elements), blackhole);
  }

  private static void drain(Iterator<Object> iterator, Blackhole blackhole) {
    while (iterator.hasNext()) {
      blackhole.consume(iterator.next());
    }
  }

  @Benchmark
  public Object javaflow(Woven.Javaflow woven, Value value, Blackhole blackhole) {
    return live(woven, value, blackhole);
  }

  @Benchmark
  public Object offbynullCoroutines(
      Woven.OffbynullCoroutines woven, Value value, Blackhole blackhole) {
    return live(woven, value, blackhole);
  }

  @Benchmark
  public Object kilim(Woven.Kilim woven, Value value, Blackhole blackhole) {
    return live(woven, value, blackhole);
  }

  private static Object live(Woven woven, Value value, Blackhole blackhole) {
    UnaryOperator<Object> echo = woven.peer.echo(1);
    blackhole.consume(echo.apply(value.value));
    return echo.apply(value.value);
  }
}
