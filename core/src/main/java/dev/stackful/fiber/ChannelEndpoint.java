package dev.stackful.fiber;

import dev.stackful.internal.fiber.OutsideWaiter;
import dev.stackful.internal.fiber.Scheduler;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Channel} as other threads see it: they send to it and receive from it, and wait by
 * blocking, or by a stage. {@link FiberRuntime#endpoint} makes it.
 *
 * {@snippet class="dev.stackful.examples.snippets.Endpoints" region="endpoint"}
 *
 * <p>The channel's bound holds for all alike: a send is complete when the channel holds the
 * element, or, if that is a rendezvous, when it is received. Other threads wait in one queue with
 * the fibers. They wait for the runtime, too: while nobody runs it, nothing passes.
 *
 * <p>Any thread may use it, also a fiber of another runtime, which should {@linkplain Fiber#await
 * await} the stage, so as not to block. The body of a coroutine or a generator which a fiber of
 * this runtime resumes must not block, either: it has the runtime's turn, and would wait for
 * itself. Stages are completed by the thread that runs the runtime. They can't be cancelled: an
 * element that is on its way arrives.
 *
 * <p>Actions in a thread prior to a send happen-before those that follow the receive of the
 * element.
 *
 * @param <T> what passes through
 * @since 0.1.0
 */
public final class ChannelEndpoint<T extends @Nullable Object> implements AutoCloseable {
  private final FiberRuntime runtime;
  private final Scheduler scheduler;
  private final Channel<T> channel;
  private final Map<OutsideWaiter, CompletableFuture<?>> pending = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  ChannelEndpoint(FiberRuntime runtime, Scheduler scheduler, Channel<T> channel) {
    this.runtime = runtime;
    this.scheduler = scheduler;
    this.channel = channel;
  }

  /** Returns false if the runtime is closed. */
  boolean open() {
    return scheduler.tell(() -> scheduler.expectFromOutside(1));
  }

  /** The wait of one thread. */
  private record Pending<R extends @Nullable Object>(
      OutsideWaiter waiter, CompletableFuture<R> future) {}

  /**
   * Sends an element, and waits until the channel has taken it.
   *
   * @param element what to send; may be null
   * @throws ChannelClosedException if the channel is closed, or is closed while this waits
   * @throws InterruptedException if the thread is interrupted; the element was not sent then
   * @throws IllegalStateException if the endpoint or the runtime is closed, or the caller is a
   *     fiber of the runtime, which would wait for itself
   */
  public void send(T element) throws InterruptedException {
    refuseOwnFibers("send");
    await(begin("send to", (OutsideWaiter sender) -> channel.sendFor(sender, element)));
  }

  /**
   * Sends an element.
   *
   * @param element what to send; may be null
   * @return a stage that is complete when the channel has taken it; or completed with a {@link
   *     ChannelClosedException}, or with an {@link IllegalStateException} if the runtime is closed
   * @throws IllegalStateException if the endpoint or the runtime is closed
   */
  public CompletionStage<@Nullable Void> sendAsync(T element) {
    Pending<@Nullable Void> sent =
        begin("send to", (OutsideWaiter sender) -> channel.sendFor(sender, element));
    return sent.future.minimalCompletionStage();
  }

  /**
   * Receives an element, and waits for one.
   *
   * @return the element; may be null
   * @throws ChannelClosedException if the channel is closed and has none left
   * @throws InterruptedException if the thread is interrupted; no element was taken then
   * @throws IllegalStateException as {@link #send}
   */
  public T receive() throws InterruptedException {
    refuseOwnFibers("receive");
    Pending<T> received = begin("receive from", channel::receiveFor);
    return await(received);
  }

  /**
   * Receives an element.
   *
   * @return a stage of the element; or completed with a {@link ChannelClosedException}, or with an
   *     {@link IllegalStateException} if the runtime is closed
   * @throws IllegalStateException if the endpoint or the runtime is closed
   */
  public CompletionStage<T> receiveAsync() {
    Pending<T> received = begin("receive from", channel::receiveFor);
    return received.future.minimalCompletionStage();
  }

  /**
   * Closes the channel, as {@link Channel#close} does: soon, or at once if a fiber of the runtime
   * calls. The endpoint stays open.
   */
  public void closeChannel() {
    scheduler.tell(channel::closeNow);
  }

  /**
   * Closes the endpoint, and not the channel: nothing more comes or goes by it. What was begun goes
   * on. One that is closed already stays so.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      forgetIfIdle();
      scheduler.tell(() -> scheduler.expectFromOutside(-1));
    }
  }

  /** Who still waits by a closed one is to be told when the runtime is closed. */
  private void forgetIfIdle() {
    if (closed.get() && pending.isEmpty()) {
      runtime.forget(this);
    }
  }

  /** The runtime is closed: nobody waits any longer. */
  void abandon() {
    closed.set(true);
    pending.forEach(
        (waiter, future) -> {
          if (waiter.claim()) {
            future.completeExceptionally(isClosed());
          }
        });
    pending.clear();
  }

  @SuppressWarnings("unchecked") // only T's come out of the channel
  private <R extends @Nullable Object> Pending<R> begin(
      String verb, Consumer<OutsideWaiter> operation) {
    if (closed.get()) {
      throw isClosed();
    }
    CompletableFuture<R> future = new CompletableFuture<>();
    Consumer<@Nullable Object> action =
        result -> {
          if (Channel.isEnd(result)) {
            future.completeExceptionally(
                new ChannelClosedException("cannot " + verb + " " + channel + ": it is closed"));
          } else {
            future.complete((R) result);
          }
        };
    OutsideWaiter waiter = new OutsideWaiter(scheduler, action);
    pending.put(waiter, future); // then looks again: who closes it looks here after
    if (closed.get() || !scheduler.tell(() -> operation.accept(waiter))) {
      over(waiter);
      throw isClosed();
    }
    future.whenComplete((value, thrown) -> over(waiter)).exceptionally(thrown -> null);
    return new Pending<>(waiter, future);
  }

  private void over(OutsideWaiter waiter) {
    pending.remove(waiter);
    forgetIfIdle();
  }

  private <R extends @Nullable Object> R await(Pending<R> begun) throws InterruptedException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return begun.future.get();
        } catch (InterruptedException e) {
          if (begun.waiter.claim()) {
            over(begun.waiter);
            throw e;
          }
          interrupted = true; // too late: it is done, and its result comes soon
        } catch (ExecutionException e) {
          if (e.getCause() instanceof ChannelClosedException end) {
            throw new ChannelClosedException(end.getMessage());
          }
          throw isClosed();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void refuseOwnFibers(String verb) {
    Fiber<?> caller = Fiber.currentOrNull();
    if (caller != null && caller.runtime() == runtime) {
      throw new IllegalStateException(
          caller.describe()
              + " cannot "
              + verb
              + " by an endpoint of its own runtime, for which it would wait: use "
              + channel);
    }
  }

  private IllegalStateException isClosed() {
    return new IllegalStateException(
        "the endpoint of " + channel + ", or " + runtime + ", is closed");
  }

  /** The channel's name. */
  @Override
  public String toString() {
    return "the endpoint of " + channel;
  }
}
