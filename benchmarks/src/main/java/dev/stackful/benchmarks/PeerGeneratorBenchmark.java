package dev.stackful.benchmarks;

import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What {@link GeneratorBenchmark} does, by Kotlin, the JDK's continuation, and libraries that
 * rewrite byte code.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(GeneratorBenchmark.ELEMENTS)
public class PeerGeneratorBenchmark {

  @Benchmark
  public void continuation(GeneratorBenchmark.Sequences sequences, Blackhole blackhole) {
    drain(
        new ContinuationIterator(
            sink -> {
              for (Object element : sequences.elements) {
                sink.accept(element);
              }
            }),
        blackhole);
  }

  @Benchmark
  public void kotlinSequence(GeneratorBenchmark.Sequences sequences, Blackhole blackhole) {
    drain(KotlinPeer.sequence(sequences.elements), blackhole);
  }

  /** Pushed: the collector is called by the flow. */
  @Benchmark
  public void kotlinFlow(GeneratorBenchmark.Sequences sequences, Blackhole blackhole) {
    KotlinPeer.flow(sequences.elements, blackhole::consume);
  }

  /** With two coroutines and a channel between, on the calling thread. */
  @Benchmark
  public void kotlinFlowBuffered(GeneratorBenchmark.Sequences sequences, Blackhole blackhole) {
    KotlinPeer.flowBuffered(sequences.elements, blackhole::consume);
  }

  @Benchmark
  public void javaflow(
      Woven.Javaflow woven, GeneratorBenchmark.Sequences sequences, Blackhole blackhole) {
    drain(woven.peer.elements(sequences.elements), blackhole);
  }

  @Benchmark
  public void offbynullCoroutines(
      Woven.OffbynullCoroutines woven,
      GeneratorBenchmark.Sequences sequences,
      Blackhole blackhole) {
    drain(woven.peer.elements(sequences.elements), blackhole);
  }

  @Benchmark
  public void kilim(
      Woven.Kilim woven, GeneratorBenchmark.Sequences sequences, Blackhole blackhole) {
    drain(woven.peer.elements(sequences.elements), blackhole);
  }

  private static void drain(Iterator<Object> iterator, Blackhole blackhole) {
    while (iterator.hasNext()) {
      blackhole.consume(iterator.next());
    }
  }
}
