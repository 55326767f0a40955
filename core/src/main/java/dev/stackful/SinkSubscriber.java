package dev.stackful;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One run of a sink's body, fed by a {@link Flow.Publisher}. The body takes each element on the
 * publisher's thread, within {@code onNext}, and holds no thread between two of them. It asks for
 * as many elements at a time as the sink buffers: without a buffer, one.
 *
 * <p>When the publisher completes, the body finds the end of its input, and what it returns is the
 * {@linkplain #result() result}. When the publisher fails, the body's iterator throws the failure:
 * a body that catches it still has a result. When the body returns early, or throws, the
 * subscription is cancelled.
 *
 * @param <T> the elements
 * @param <R> what the body makes of them
 * @since 0.1.0
 */
public final class SinkSubscriber<T extends @Nullable Object, R extends @Nullable Object>
    implements Flow.Subscriber<T>, AutoCloseable {
  private final SinkRun<T, R> run;
  private final int batch;
  private final CompletableFuture<R> result = new CompletableFuture<>();

  /**
   * Guards the run: the caller that takes it from 0 has it, and one that comes meanwhile has only
   * left word.
   */
  private final AtomicInteger callers = new AtomicInteger();

  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean closed;
  private int received;

  SinkSubscriber(SinkRun<T, R> run, int batch) {
    this.run = run;
    this.batch = batch;
  }

  /**
   * {@return what the body returns, or throws, once it has ended} A checked exception is the cause
   * of a {@link CoroutineException}, but for the publisher's own failure, which is the same object.
   * Where the subscription was {@linkplain #close closed}, it is a {@link CancellationException}.
   */
  public CompletionStage<R> result() {
    return result.minimalCompletionStage();
  }

  /**
   * Takes the subscription, and asks for the first elements. A second one is cancelled at once.
   *
   * @throws NullPointerException if {@code subscription} is null
   */
  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Objects.requireNonNull(subscription, "subscription");
    if (this.subscription != null || closed) {
      subscription.cancel();
      return;
    }
    this.subscription = subscription;
    if (closed) { // beside this: who closes it has not seen the subscription, maybe
      subscription.cancel();
      return;
    }
    subscription.request(batch);
  }

  /**
   * Has the body take an element. What the body throws goes into the result.
   *
   * @throws NullPointerException if {@code element} is null
   */
  @Override
  public void onNext(T element) {
    Objects.requireNonNull(element, "element");
    boolean more = false;
    if (begin()) {
      try {
        if (!run.isDone()) {
          run.accept(element);
          more = !run.isDone();
          if (!more) {
            result.complete(run.finish());
          }
        }
      } catch (Throwable t) {
        result.completeExceptionally(t);
      }
      more &= end();
    }
    Flow.Subscription current = subscription;
    if (current == null) {
      return; // no publisher sends elements before
    }
    if (!more) {
      current.cancel();
    } else if (++received == batch) {
      received = 0;
      current.request(batch);
    }
  }

  /**
   * Has the body find its input failed.
   *
   * @throws NullPointerException if {@code failure} is null
   */
  @Override
  public void onError(Throwable failure) {
    Objects.requireNonNull(failure, "failure");
    if (begin()) {
      try {
        result.complete(run.fail(failure));
      } catch (Throwable t) {
        boolean wrapped = t instanceof CoroutineException && t.getCause() == failure;
        result.completeExceptionally(wrapped ? failure : t);
      }
      end();
    }
  }

  /** Has the body find the end of its input. */
  @Override
  public void onComplete() {
    if (begin()) {
      try {
        result.complete(run.finish());
      } catch (Throwable t) {
        result.completeExceptionally(t);
      }
      end();
    }
  }

  /**
   * Cancels the subscription, and unwinds the body: here and now, or, if it is running, where it
   * waits for the next element. Any thread may call it. After the end it does nothing.
   */
  @Override
  public void close() {
    closed = true;
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
    if (callers.getAndIncrement() == 0) {
      unwind();
    }
  }

  /** Whether the caller may use the run: not if it is closed. */
  private boolean begin() {
    return callers.getAndIncrement() == 0;
  }

  /** Gives the run up, unless somebody has closed it meanwhile, which is done then. */
  private boolean end() {
    if (callers.decrementAndGet() == 0) {
      return true;
    }
    unwind();
    return false;
  }

  /** The run is nobody else's from now on: {@code callers} stays above 0. */
  private void unwind() {
    try {
      run.close();
      result.completeExceptionally(new CancellationException("the subscriber has been closed"));
    } catch (Throwable t) {
      result.completeExceptionally(t);
    }
  }
}
