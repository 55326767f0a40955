package dev.stackful.benchmarks;

import dev.stackful.Engine;
import dev.stackful.Generator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * One element of a sequence of 1,024, the start and the end of the sequence included: by a
 * generator, and by an iterator written by hand, which is the floor; and what a buffer alone takes,
 * which is the floor of a buffered one.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(GeneratorBenchmark.ELEMENTS)
public class GeneratorBenchmark {
  static final int ELEMENTS = 1_024;

  /** The elements, which exist beforehand: a boxed number would measure the allocator as well. */
  @State(Scope.Thread)
  public static class Sequences {
    final Object[] elements = new Object[ELEMENTS];
    final Generator<Object> generator =
        Generator.<Object>of(
                scope -> {
                  for (Object element : elements) {
                    scope.yield(element);
                  }
                })
            .on(Engine.NATIVE);
    final Generator<Object> buffered = generator.buffered(64);
    private final Buffer buffer = new Buffer();

    public Sequences() {
      for (int i = 0; i < ELEMENTS; i++) {
        elements[i] = i;
      }
    }
  }

  @Benchmark
  public void generatorIterator(Sequences sequences, Blackhole blackhole) {
    for (Object element : sequences.generator) {
      blackhole.consume(element);
    }
  }

  @Benchmark
  public void generatorIteratorBuffered(Sequences sequences, Blackhole blackhole) {
    for (Object element : sequences.buffered) {
      blackhole.consume(element);
    }
  }

  @Benchmark
  public void generatorStream(Sequences sequences, Blackhole blackhole) {
    try (Stream<Object> stream = sequences.generator.stream()) {
      stream.forEach(blackhole::consume);
    }
  }

  @Benchmark
  public void handWrittenIterator(Sequences sequences, Blackhole blackhole) {
    Iterator<Object> iterator = new ArrayIterator(sequences.elements);
    while (iterator.hasNext()) {
      blackhole.consume(iterator.next());
    }
  }

  /** Into an array of 64 until it is full, and out of it until it is empty, as if by a switch. */
  @Benchmark
  public void putAndTake(Sequences sequences, Blackhole blackhole) {
    Buffer buffer = sequences.buffer;
    for (Object element : sequences.elements) {
      buffer.put(element);
      if (buffer.isFull()) {
        while (buffer.hasNext()) {
          blackhole.consume(buffer.next());
        }
        buffer.reset();
      }
    }
  }

  private static final class Buffer {
    private final @Nullable Object[] elements = new Object[64];
    private int count;
    private int taken;

    void put(Object element) {
      elements[count++] = element;
    }

    boolean isFull() {
      return count == elements.length;
    }

    boolean hasNext() {
      return taken < count;
    }

    @Nullable Object next() {
      Object element = elements[taken];
      elements[taken++] = null;
      return element;
    }

    void reset() {
      count = 0;
      taken = 0;
    }
  }

  private static final class ArrayIterator implements Iterator<Object> {
    private final Object[] elements;
    private int next;

    ArrayIterator(Object[] elements) {
      this.elements = elements;
    }

    @Override
    public boolean hasNext() {
      return next < elements.length;
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return elements[next++];
    }
  }
}
