package dev.stackful.benchmarks;

import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.Sink;
import dev.stackful.SinkSubscriber;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
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
 * One of 10,000 elements from a publisher to a subscriber: generators and {@link
 * SubmissionPublisher}, which needs another thread, and subscribers written by hand and sinks.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(FlowBenchmark.ELEMENTS)
@State(Scope.Thread)
public class FlowBenchmark {
  static final int ELEMENTS = 10_000;

  private final Integer[] elements = new Integer[ELEMENTS];

  private final Generator<Integer> generator =
      Generator.<Integer>of(
              scope -> {
                for (Integer element : elements) {
                  scope.yield(element);
                }
              })
          .on(Engine.NATIVE);

  private final Sink<Integer, Long> sink =
      Sink.<Integer, Long>of(
              source -> {
                long sum = 0;
                while (source.hasNext()) {
                  sum += source.next();
                }
                return sum;
              })
          .on(Engine.NATIVE);

  public FlowBenchmark() {
    for (int i = 0; i < ELEMENTS; i++) {
      elements[i] = i;
    }
  }

  /** Adds up, and requests as many at a time as it is told. */
  private static final class Adder implements Flow.Subscriber<Integer> {
    final CompletableFuture<Long> result = new CompletableFuture<>();
    private final int batch;
    private Flow.Subscription subscription;
    private int received;
    private long sum;

    Adder(int batch) {
      this.batch = batch;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      subscription.request(batch);
    }

    @Override
    public void onNext(Integer element) {
      sum += element;
      if (++received == batch) {
        received = 0;
        subscription.request(batch);
      }
    }

    @Override
    public void onError(Throwable thrown) {
      result.completeExceptionally(thrown);
    }

    @Override
    public void onComplete() {
      result.complete(sum);
    }
  }

  private static long sumOf(Flow.Publisher<Integer> publisher) {
    Adder adder = new Adder(64);
    publisher.subscribe(adder);
    return adder.result.join();
  }

  @Benchmark
  public long generator() {
    return sumOf(generator.publisher());
  }

  @Benchmark
  public long generatorBuffered() {
    return sumOf(generator.buffered(64).publisher());
  }

  @Benchmark
  public long submissionPublisher() {
    Adder adder = new Adder(64);
    submit(adder);
    return adder.result.join();
  }

  @Benchmark
  public long submissionPublisherToASink() {
    SinkSubscriber<Integer, Long> subscriber = sink.buffered(64).subscriber();
    submit(subscriber);
    return subscriber.result().toCompletableFuture().join();
  }

  @Benchmark
  public long generatorToASink() {
    SinkSubscriber<Integer, Long> subscriber = sink.buffered(64).subscriber();
    generator.buffered(64).publisher().subscribe(subscriber);
    return subscriber.result().toCompletableFuture().join();
  }

  private void submit(Flow.Subscriber<Integer> subscriber) {
    try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
      publisher.subscribe(subscriber);
      for (Integer element : elements) {
        publisher.submit(element);
      }
    }
  }
}
