package dev.stackful;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A generator as a publisher: each subscriber has an iterator of its own, run as far as it asks.
 */
final class GeneratorPublisher<T extends @Nullable Object> implements Flow.Publisher<T> {
  private final Generator<T> generator;

  /** Where bodies run; without it, on the thread that asks. */
  private final @Nullable Executor executor;

  GeneratorPublisher(Generator<T> generator, @Nullable Executor executor) {
    this.generator = generator;
    this.executor = executor;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    GeneratorIterator<T> iterator;
    try {
      iterator = generator.iterator();
    } catch (RuntimeException e) {
      subscriber.onSubscribe(NOTHING);
      subscriber.onError(e);
      return;
    }
    Subscription<T> subscription = new Subscription<>(subscriber, iterator, executor);
    subscriber.onSubscribe(subscription);
    subscription.begin();
  }

  private static final Flow.Subscription NOTHING =
      new Flow.Subscription() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
      };

  /**
   * One subscriber's run.
   *
   * <p>Any thread may ask and cancel, the body and the subscriber among them, so whoever finds
   * nobody at work works off what has been asked for, and the others only leave word: {@code
   * callers} counts both, and all else is guarded by it. That bounds the recursion, too, of a
   * subscriber which asks for the next element in its {@code onNext}.
   */
  private static final class Subscription<T extends @Nullable Object> implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final GeneratorIterator<T> iterator;
    private final @Nullable Executor executor;
    private final AtomicInteger callers = new AtomicInteger(1); // who subscribes
    private final AtomicLong requested = new AtomicLong();
    private volatile boolean cancelled;
    private volatile @Nullable IllegalArgumentException badRequest;
    private boolean ended;

    /** Whether the latest task of the executor has begun. */
    private boolean begun;

    Subscription(
        Flow.Subscriber<? super T> subscriber,
        GeneratorIterator<T> iterator,
        @Nullable Executor executor) {
      this.subscriber = subscriber;
      this.iterator = iterator;
      this.executor = executor;
    }

    @Override
    public void request(long count) {
      if (count > 0) {
        requested.accumulateAndGet(
            count, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
      } else if (badRequest == null) {
        badRequest =
            new IllegalArgumentException(
                "the number of elements that are requested must be at least 1 (rule 3.9): "
                    + count);
      }
      work();
    }

    @Override
    public void cancel() {
      cancelled = true;
      work();
    }

    /** After {@code onSubscribe}: what was asked for in it has waited, as rule 1.3 has it. */
    void begin() {
      if (!callers.compareAndSet(1, 0)) {
        workSomewhere();
      }
    }

    private void work() {
      if (callers.getAndIncrement() == 0) {
        workSomewhere();
      }
    }

    private void workSomewhere() {
      if (executor == null) {
        workOff();
        return;
      }
      begun = false;
      try {
        executor.execute(this::workOff);
      } catch (RuntimeException e) {
        if (begun) {
          throw e; // the subscriber's, as the task has run here
        }
        end(); // it takes no more tasks: nobody else will work here
        if (!cancelled) {
          subscriber.onError(e);
        }
      }
    }

    private void workOff() {
      begun = true;
      int seen = callers.get();
      do {
        while (!ended && (cancelled || badRequest != null || requested.get() > 0)) {
          step();
        }
        seen = callers.addAndGet(-seen);
      } while (seen != 0);
    }

    private void step() {
      IllegalArgumentException bad = badRequest;
      if (cancelled) {
        end();
      } else if (bad != null) {
        end();
        subscriber.onError(bad);
      } else {
        elements(requested.get());
      }
    }

    /**
     * Publishes up to {@code most} elements, unless there is something else to do. What was asked
     * for is counted down once for all of them: an atomic operation each would cost as much as the
     * rest.
     */
    private void elements(long most) {
      long published = 0;
      while (published < most && !cancelled && badRequest == null && element()) {
        published++;
      }
      long done = published;
      requested.getAndUpdate(left -> left == Long.MAX_VALUE ? left : left - done);
    }

    /** Publishes an element; says whether there was one, and may be more. */
    private boolean element() {
      boolean hasNext;
      T element = null;
      try {
        hasNext = iterator.hasNext();
        if (hasNext) {
          element = iterator.next();
        }
      } catch (Throwable t) {
        ended = true;
        if (!cancelled) {
          subscriber.onError(t);
        }
        return false;
      }
      if (cancelled) {
        end();
      } else if (!hasNext) {
        ended = true;
        subscriber.onComplete();
      } else if (element == null) {
        end();
        subscriber.onError(
            new NullPointerException("the generator yielded null, which no publisher may publish"));
      } else {
        publish(element);
        return true;
      }
      return false;
    }

    private void publish(T element) {
      boolean received = false;
      try {
        subscriber.onNext(element);
        received = true;
      } finally {
        if (!received) { // it broke rule 2.13, and counts as having cancelled
          cancelled = true;
          end();
        }
      }
    }

    /** Unwinds the body. What that throws has no way to the subscriber any more. */
    private void end() {
      ended = true;
      try {
        iterator.close();
      } catch (Throwable t) {
        Thread current = Thread.currentThread();
        current.getUncaughtExceptionHandler().uncaughtException(current, t);
      }
    }
  }
}
