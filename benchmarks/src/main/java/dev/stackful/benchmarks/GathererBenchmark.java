package dev.stackful.benchmarks;

import dev.stackful.Engine;
import dev.stackful.Transducer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Gatherer;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An element of a stream's 10,000 through a stage: in windows of 8, by the JDK's own gatherer and
 * by a loop; and one by one, by a gatherer that has no state and by a loop.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(GathererBenchmark.ELEMENTS)
@State(Scope.Thread)
public class GathererBenchmark {
  static final int ELEMENTS = 10_000;
  private static final int WINDOW = 8;

  private final Object[] elements = new Object[ELEMENTS];

  private final Transducer<Object, List<Object>> windows =
      Transducer.<Object, List<Object>>of(
              (source, scope) -> {
                while (source.hasNext()) {
                  List<Object> window = new ArrayList<>(WINDOW);
                  while (window.size() < WINDOW && source.hasNext()) {
                    window.add(source.next());
                  }
                  scope.yield(window);
                }
              })
          .on(Engine.NATIVE);

  private final Transducer<Object, Object> copy =
      Transducer.<Object, Object>of(
              (source, scope) -> {
                while (source.hasNext()) {
                  scope.yield(source.next());
                }
              })
          .on(Engine.NATIVE);

  private final Gatherer<Object, ?, Object> handWrittenCopy =
      Gatherer.ofSequential((state, element, downstream) -> downstream.push(element));

  public GathererBenchmark() {
    for (int i = 0; i < ELEMENTS; i++) {
      elements[i] = i;
    }
  }

  @Benchmark
  public long windowsByTheJdk() {
    return Stream.of(elements).gather(Gatherers.windowFixed(WINDOW)).mapToLong(List::size).sum();
  }

  @Benchmark
  public long windowsByATransducer() {
    return Stream.of(elements).gather(windows).mapToLong(List::size).sum();
  }

  @Benchmark
  public long windowsByATransducerBuffered() {
    return Stream.of(elements).gather(windows.buffered(64)).mapToLong(List::size).sum();
  }

  @Benchmark
  public long copyByHand() {
    return Stream.of(elements).gather(handWrittenCopy).mapToLong(Object::hashCode).sum();
  }

  @Benchmark
  public long copyByATransducer() {
    return Stream.of(elements).gather(copy).mapToLong(Object::hashCode).sum();
  }

  @Benchmark
  public long copyByATransducerBuffered() {
    return Stream.of(elements).gather(copy.buffered(64)).mapToLong(Object::hashCode).sum();
  }
}
