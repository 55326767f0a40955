package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.io.ByteSink;
import dev.stackful.io.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What generators promise as publishers, and sinks as subscribers, beside what the TCK tries. */
abstract class FlowContract extends EngineContract {
  FlowContract(Engine engine) {
    super(engine);
  }

  private <T extends @Nullable Object> Generator<T> generator(Generator.Body<T> body) {
    return Generator.of(body).on(engine);
  }

  private <T extends @Nullable Object, R extends @Nullable Object> Sink<T, R> sink(
      Sink.Body<T, R> body) {
    return Sink.of(body).on(engine);
  }

  /** Counts from 1, and tells how far it has come and that it has been unwound. */
  private final class Counter {
    final AtomicInteger made = new AtomicInteger();
    final AtomicInteger unwound = new AtomicInteger();

    Generator<Integer> generator() {
      return FlowContract.this.generator(
          scope -> {
            try {
              while (true) {
                scope.yield(made.incrementAndGet());
              }
            } finally {
              unwound.incrementAndGet();
            }
          });
    }
  }

  /** Keeps what it gets, and requests only when the test does. */
  private static class Recorder<T> implements Flow.Subscriber<T> {
    final List<T> elements = new ArrayList<>();
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    final AtomicInteger completions = new AtomicInteger();
    final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

    Flow.Subscription subscription() {
      Flow.Subscription s = subscription.get();
      if (s == null) {
        throw new AssertionError("not subscribed");
      }
      return s;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.set(given);
    }

    @Override
    public void onNext(T element) {
      elements.add(element);
    }

    @Override
    public void onError(Throwable thrown) {
      assertTrue(failure.compareAndSet(null, thrown), "a second onError");
    }

    @Override
    public void onComplete() {
      completions.incrementAndGet();
    }
  }

  @Test
  void aGeneratorRunsAsFarAsIsRequested() {
    Counter counter = new Counter();
    Recorder<Integer> recorder = new Recorder<>();
    counter.generator().publisher().subscribe(recorder);
    assertEquals(0, counter.made.get());
    recorder.subscription().request(2);
    assertEquals(List.of(1, 2), recorder.elements);
    assertEquals(2, counter.made.get());
    recorder.subscription().request(1);
    assertEquals(3, counter.made.get());
    recorder.subscription().cancel();
    assertEquals(1, counter.unwound.get());
    recorder.subscription().request(1);
    recorder.subscription().cancel();
    assertEquals(List.of(1, 2, 3), recorder.elements);
    assertEquals(0, recorder.completions.get());
  }

  @Test
  void everySubscriberHasARunOfItsOwn() {
    Flow.Publisher<Integer> publisher =
        generator((GeneratorScope<Integer> s) -> s.yield(7)).publisher();
    for (int i = 0; i < 3; i++) {
      Recorder<Integer> recorder = new Recorder<>();
      publisher.subscribe(recorder);
      recorder.subscription().request(Long.MAX_VALUE);
      recorder.subscription().request(Long.MAX_VALUE);
      assertEquals(List.of(7), recorder.elements);
      assertEquals(1, recorder.completions.get());
    }
  }

  @Test
  void aRequestForLessThanOneIsAnErrorAndUnwinds() {
    for (long count : new long[] {0, -1, Long.MIN_VALUE}) {
      Counter counter = new Counter();
      Recorder<Integer> recorder = new Recorder<>();
      counter.generator().publisher().subscribe(recorder);
      recorder.subscription().request(1);
      recorder.subscription().request(count);
      IllegalArgumentException e =
          assertInstanceOf(IllegalArgumentException.class, recorder.failure.get());
      assertTrue(e.getMessage().contains(Long.toString(count)), e.getMessage());
      assertEquals(1, counter.unwound.get());
      recorder.subscription().request(1);
      assertEquals(List.of(1), recorder.elements);
    }
  }

  @Test
  void whatTheBodyThrowsIsAnError() {
    IllegalStateException thrown = new IllegalStateException("by the body");
    Recorder<Integer> recorder = new Recorder<>();
    generator(
            (GeneratorScope<Integer> scope) -> {
              scope.yield(1);
              throw thrown;
            })
        .publisher()
        .subscribe(recorder);
    recorder.subscription().request(9);
    assertEquals(List.of(1), recorder.elements);
    assertSame(thrown, recorder.failure.get());
    assertEquals(0, recorder.completions.get());
  }

  @Test
  void aNullElementIsAnErrorAndUnwinds() {
    AtomicInteger unwound = new AtomicInteger();
    Recorder<@Nullable Integer> recorder = new Recorder<>();
    Generator<@Nullable Integer> generator =
        generator(
            scope -> {
              try {
                scope.yield(1);
                scope.yield(null);
                scope.yield(2);
              } finally {
                unwound.incrementAndGet();
              }
            });
    generator.publisher().subscribe(recorder);
    recorder.subscription().request(9);
    assertEquals(List.of(1), recorder.elements);
    assertInstanceOf(NullPointerException.class, recorder.failure.get());
    assertEquals(1, unwound.get());
  }

  @Test
  void aSubscriberThatThrowsUnwindsTheBodyAndHearsNoMore() {
    Counter counter = new Counter();
    IllegalStateException thrown = new IllegalStateException("by the subscriber");
    Recorder<Integer> recorder =
        new Recorder<>() {
          @Override
          public void onNext(Integer element) {
            super.onNext(element);
            if (element == 2) {
              throw thrown;
            }
          }
        };
    counter.generator().publisher().subscribe(recorder);
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class, () -> recorder.subscription().request(Long.MAX_VALUE)));
    assertEquals(1, counter.unwound.get());
    recorder.subscription().request(1);
    assertEquals(List.of(1, 2), recorder.elements);
  }

  @Test
  void aSubscriberMayCancelInTheMiddleAndTheBodyToo() {
    Counter counter = new Counter();
    Recorder<Integer> recorder =
        new Recorder<>() {
          @Override
          public void onNext(Integer element) {
            super.onNext(element);
            if (element == 5) {
              subscription().cancel();
            }
          }
        };
    counter.generator().publisher().subscribe(recorder);
    recorder.subscription().request(Long.MAX_VALUE);
    assertEquals(5, recorder.elements.size());
    assertEquals(1, counter.unwound.get());

    Recorder<Integer> second = new Recorder<>();
    AtomicInteger unwound = new AtomicInteger();
    generator(
            (GeneratorScope<Integer> scope) -> {
              try {
                scope.yield(1);
                second.subscription().cancel();
                second.subscription().request(1);
                scope.yield(2);
              } finally {
                unwound.incrementAndGet();
              }
            })
        .publisher()
        .subscribe(second);
    second.subscription().request(9);
    assertEquals(List.of(1), second.elements);
    assertEquals(1, unwound.get());
    assertEquals(0, second.completions.get());
  }

  @Test
  void aRequestForEachElementDoesNotRecurse() {
    AtomicInteger depth = new AtomicInteger();
    Recorder<Integer> recorder =
        new Recorder<>() {
          @Override
          public void onNext(Integer element) {
            assertEquals(1, depth.incrementAndGet());
            super.onNext(element);
            if (element < 10_000) {
              subscription().request(1);
            }
            depth.decrementAndGet();
          }
        };
    Counter counter = new Counter();
    counter.generator().publisher().subscribe(recorder);
    recorder.subscription().request(1);
    assertEquals(10_000, recorder.elements.size());
    recorder.subscription().cancel();
  }

  @Test
  void whatUnwindingThrowsGoesToTheThreadsHandler() {
    IllegalStateException thrown = new IllegalStateException("in finally");
    Recorder<Integer> recorder = new Recorder<>();
    generator(
            (GeneratorScope<Integer> scope) -> {
              try {
                scope.yield(1);
              } finally {
                throwIt(thrown);
              }
            })
        .publisher()
        .subscribe(recorder);
    recorder.subscription().request(1);
    AtomicReference<@Nullable Throwable> handled = new AtomicReference<>();
    Thread.currentThread().setUncaughtExceptionHandler((thread, t) -> handled.set(t));
    recorder.subscription().cancel();
    assertSame(thrown, handled.get());
  }

  private static void throwIt(RuntimeException thrown) {
    throw thrown;
  }

  @Test
  void aBodyRunsInTasksOfAnExecutor() throws Exception {
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Sink<Integer, Long> adder =
          sink(
              source -> {
                long sum = 0;
                while (source.hasNext()) {
                  sum += source.next();
                }
                return sum;
              });
      SinkSubscriber<Integer, Long> subscriber = adder.subscriber();
      generator(
              (GeneratorScope<Integer> scope) -> {
                for (int i = 1; i <= 1000; i++) {
                  scope.yield(i);
                }
              })
          .publisher(executor)
          .subscribe(subscriber);
      assertEquals(500_500L, subscriber.result().toCompletableFuture().get(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void whatASubscriberThrowsInItsOwnThreadIsNoRefusal() {
    IllegalStateException thrown = new IllegalStateException("no more");
    Recorder<Integer> recorder =
        new Recorder<>() {
          @Override
          public void onComplete() {
            super.onComplete();
            throw thrown;
          }
        };
    this.<Integer>generator(scope -> {}).publisher(Runnable::run).subscribe(recorder);
    assertSame(
        thrown,
        assertThrows(IllegalStateException.class, () -> recorder.subscription().request(1)));
    assertEquals(1, recorder.completions.get());
    assertNull(recorder.failure.get());
  }

  @Test
  void anExecutorThatRefusesIsAnErrorAndUnwinds() {
    Counter counter = new Counter();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    executor.shutdown();
    Recorder<Integer> recorder = new Recorder<>();
    counter.generator().publisher(executor).subscribe(recorder);
    recorder.subscription().request(1);
    assertInstanceOf(RejectedExecutionException.class, recorder.failure.get());
    assertEquals(List.of(), recorder.elements);
    recorder.subscription().request(1);
  }

  @Test
  void aNullSubscriberIsRefused() {
    Flow.Publisher<Integer> publisher = new Counter().generator().publisher();
    assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
  }

  // ---- sinks ----------------------------------------------------------------------------------

  /** What a subscriber's result is, or threw. */
  private static <R> R resultOf(SinkSubscriber<?, R> subscriber) throws Throwable {
    try {
      return subscriber.result().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause();
    }
  }

  private Sink<Integer, List<Integer>> list() {
    return sink(
        source -> {
          List<Integer> taken = new ArrayList<>();
          source.forEachRemaining(taken::add);
          return taken;
        });
  }

  @Test
  void aSinkTakesWhatIsPublished() throws Throwable {
    for (int buffer : new int[] {1, 3, 100}) {
      SinkSubscriber<Integer, List<Integer>> subscriber = list().buffered(buffer).subscriber();
      try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
        publisher.subscribe(subscriber);
        for (int i = 0; i < 20; i++) {
          publisher.submit(i);
        }
      }
      assertEquals(20, resultOf(subscriber).size());
    }
  }

  /** Counts what is requested, and whether it is cancelled. */
  private static final class Requests implements Flow.Subscription {
    final AtomicLong requested = new AtomicLong();
    final AtomicInteger cancelled = new AtomicInteger();

    @Override
    public void request(long count) {
      requested.addAndGet(count);
    }

    @Override
    public void cancel() {
      cancelled.incrementAndGet();
    }
  }

  @Test
  void aSinkRequestsAsMuchAsItBuffers() {
    SinkSubscriber<Integer, List<Integer>> subscriber = list().buffered(3).subscriber();
    Requests requests = new Requests();
    subscriber.onSubscribe(requests);
    assertEquals(3, requests.requested.get());
    subscriber.onNext(1);
    subscriber.onNext(2);
    assertEquals(3, requests.requested.get());
    subscriber.onNext(3);
    assertEquals(6, requests.requested.get());
    subscriber.close();
    assertEquals(1, requests.cancelled.get());
  }

  @Test
  void aBodyThatReturnsEarlyCancelsTheSubscription() throws Throwable {
    Counter counter = new Counter();
    SinkSubscriber<Integer, Integer> subscriber =
        sink((PeekableIterator<Integer> source) -> source.next() + source.next()).subscriber();
    counter.generator().publisher().subscribe(subscriber);
    assertEquals(3, resultOf(subscriber));
    assertEquals(1, counter.unwound.get());
  }

  @Test
  void aBodyThatThrowsCancelsTheSubscription() {
    IllegalStateException thrown = new IllegalStateException("by the body");
    Counter counter = new Counter();
    SinkSubscriber<Integer, String> subscriber =
        this.<Integer, String>sink(
                source -> {
                  source.next();
                  throw thrown;
                })
            .subscriber();
    counter.generator().publisher().subscribe(subscriber);
    assertSame(thrown, assertThrows(IllegalStateException.class, () -> resultOf(subscriber)));
    assertEquals(1, counter.unwound.get());
    subscriber.onNext(3); // too late: nobody hears it
    subscriber.onComplete();
    subscriber.onError(new IOException());
    assertThrows(IllegalStateException.class, () -> resultOf(subscriber));
  }

  @Test
  void thePublishersFailureIsThrownInTheBody() throws Throwable {
    IOException failure = new IOException("connection reset");
    SinkSubscriber<Integer, List<Integer>> strict = list().subscriber();
    strict.onSubscribe(new Requests());
    strict.onNext(1);
    strict.onError(failure);
    assertSame(failure, assertThrows(IOException.class, () -> resultOf(strict)));
    SinkSubscriber<Integer, String> lenient =
        this.<Integer, String>sink(
                source -> {
                  int last = 0;
                  try {
                    while (source.hasNext()) {
                      last = source.next();
                    }
                  } catch (Exception e) {
                    return last + " before " + e.getMessage();
                  }
                  return "whole";
                })
            .subscriber();
    lenient.onSubscribe(new Requests());
    lenient.onNext(1);
    lenient.onError(failure);
    assertEquals("1 before connection reset", resultOf(lenient));
  }

  @Test
  void closingASubscriberUnwindsItsBodyAndCancels() {
    AtomicInteger unwound = new AtomicInteger();
    AtomicReference<SinkSubscriber<Integer, String>> own = new AtomicReference<>();
    Sink<Integer, String> sink =
        sink(
            source -> {
              try {
                while (source.hasNext()) {
                  if (source.next() == 3) {
                    own.get().close();
                  }
                }
                return "whole";
              } finally {
                unwound.incrementAndGet();
              }
            });
    for (int closeAt : new int[] {0, 1, 3}) {
      unwound.set(0);
      SinkSubscriber<Integer, String> subscriber = sink.subscriber();
      own.set(subscriber);
      Requests requests = new Requests();
      subscriber.onSubscribe(requests);
      for (int i = 1; i <= closeAt; i++) {
        subscriber.onNext(i); // the third closes from inside
      }
      subscriber.close();
      subscriber.onNext(9);
      subscriber.onComplete();
      assertTrue(requests.cancelled.get() > 0);
      assertEquals(closeAt == 0 ? 0 : 1, unwound.get());
      assertThrows(CancellationException.class, () -> resultOf(subscriber));
    }
  }

  @Test
  @SuppressWarnings("ThreadPriorityCheck") // where there is one processor
  void aCloseBesideTheSubscriptionCancelsIt() throws Exception {
    int rounds = 2_000;
    List<SinkSubscriber<Integer, List<Integer>>> subscribers =
        Stream.generate(() -> list().subscriber()).limit(rounds).toList();
    AtomicInteger round = new AtomicInteger(-1);
    AtomicInteger closed = new AtomicInteger();
    Thread closing =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (int i = 0; i < rounds; i++) {
                    while (round.get() < i) {
                      Thread.yield();
                    }
                    subscribers.get(i).close();
                    closed.incrementAndGet();
                  }
                });
    for (int i = 0; i < rounds; i++) {
      Requests requests = new Requests();
      round.set(i);
      for (int spins = i % 50; spins > 0; spins--) {
        Thread.onSpinWait();
      }
      subscribers.get(i).onSubscribe(requests);
      while (closed.get() <= i) {
        Thread.yield();
      }
      assertTrue(requests.cancelled.get() > 0, "not cancelled in round " + i);
    }
    closing.join();
  }

  @Test
  void nullsAndSecondSubscriptionsAreRefused() {
    SinkSubscriber<Integer, List<Integer>> subscriber = list().subscriber();
    assertThrows(NullPointerException.class, () -> subscriber.onSubscribe(null));
    Requests first = new Requests();
    Requests second = new Requests();
    subscriber.onSubscribe(first);
    subscriber.onSubscribe(second);
    assertEquals(0, first.cancelled.get());
    assertEquals(1, second.cancelled.get());
    assertThrows(NullPointerException.class, () -> subscriber.onNext(null));
    assertThrows(NullPointerException.class, () -> subscriber.onError(null));
    subscriber.close();
  }

  // ---- bytes ----------------------------------------------------------------------------------

  @Test
  void bytesArePublishedInBuffersAndReadOutOfThem() throws Throwable {
    byte[] all = new byte[10_000];
    new Random(1).nextBytes(all);
    for (int writes : new int[] {1, 7, 64, 1000}) {
      ByteSource source =
          ByteSource.of(
                  out -> {
                    for (int at = 0; at < all.length; at += writes) {
                      out.write(all, at, Math.min(writes, all.length - at));
                    }
                  })
              .on(engine)
              .buffered(64);
      Recorder<ByteBuffer> recorder = new Recorder<>();
      source.publisher().subscribe(recorder);
      recorder.subscription().request(Long.MAX_VALUE);
      assertEquals(1, recorder.completions.get());
      SinkSubscriber<List<ByteBuffer>, byte[]> subscriber =
          ByteSink.of(InputStream::readAllBytes).on(engine).subscriber();
      Requests requests = new Requests();
      subscriber.onSubscribe(requests);
      List<ByteBuffer> buffers = recorder.elements; // kept: none has been written to since
      for (int i = 0; i < buffers.size(); i++) {
        ByteBuffer buffer = buffers.get(i);
        subscriber.onNext(
            switch (i % 3) {
              case 0 -> List.of(buffer);
              case 1 -> List.of(ByteBuffer.allocate(0), buffer.asReadOnlyBuffer());
              default ->
                  List.of(
                      ByteBuffer.allocateDirect(buffer.remaining()).put(buffer).flip(),
                      ByteBuffer.allocate(0));
            });
      }
      subscriber.onNext(List.of());
      subscriber.onComplete();
      assertArrayEquals(all, resultOf(subscriber));
    }
  }

  @Test
  void aSourceIsUnwoundByACancelInTheMiddleAndByABadRequest() {
    for (boolean cancels : new boolean[] {true, false}) {
      List<Throwable> thrown = new ArrayList<>();
      Recorder<ByteBuffer> recorder = new Recorder<>();
      ByteSource.of(
              out -> {
                try {
                  while (true) {
                    out.write(1);
                  }
                } catch (Throwable t) {
                  thrown.add(t);
                  throw t;
                }
              })
          .on(engine)
          .buffered(64)
          .publisher()
          .subscribe(recorder);
      recorder.subscription().request(2);
      if (cancels) {
        recorder.subscription().cancel();
      } else {
        recorder.subscription().request(0);
      }
      recorder.subscription().request(2);
      assertEquals(2, recorder.elements.size());
      assertEquals(1, thrown.size());
      assertInstanceOf(ForcedUnwind.class, thrown.getFirst());
      assertEquals(cancels, recorder.failure.get() == null);
    }
  }

  @Test
  void aSourceThatFailsIsAnErrorAfterItsBytes() {
    IOException thrown = new IOException("disk full");
    Recorder<ByteBuffer> recorder = new Recorder<>();
    ByteSource.of(
            out -> {
              out.write(new byte[10]);
              throw thrown;
            })
        .on(engine)
        .publisher()
        .subscribe(recorder);
    recorder.subscription().request(9);
    assertEquals(10, recorder.elements.getFirst().remaining());
    CoroutineException e = assertInstanceOf(CoroutineException.class, recorder.failure.get());
    assertSame(thrown, e.getCause());
  }

  @Test
  void anInputThatFailsIsAnIoExceptionOfTheRead() throws Throwable {
    Exception failure = new Exception("not an IOException");
    SinkSubscriber<List<ByteBuffer>, String> subscriber =
        ByteSink.<String>of(
                in -> {
                  try {
                    in.readAllBytes();
                    return "whole";
                  } catch (IOException e) {
                    assertSame(failure, e.getCause());
                    return "in part";
                  }
                })
            .on(engine)
            .subscriber();
    subscriber.onSubscribe(new Requests());
    subscriber.onNext(List.of(ByteBuffer.wrap(new byte[3])));
    subscriber.onError(failure);
    assertEquals("in part", resultOf(subscriber));
  }
}
