package dev.stackful.fiber;

import dev.stackful.internal.engine.Headroom;
import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.Scheduler;
import dev.stackful.internal.fiber.WaiterQueue;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A block of code whose fibers have all ended when it ends. It has the shape of the JDK's {@code
 * StructuredTaskScope} (JEP 505), with fibers for threads.
 *
 * {@snippet class="dev.stackful.examples.snippets.Scopes" region="scope"}
 *
 * <p>The fiber that opens a scope owns it: it alone forks, joins and closes. A {@link Joiner}
 * decides what {@link #join} returns or throws, and whether the scope is cancelled before all have
 * ended: then the fibers that are left are {@linkplain Fiber#cancel cancelled}, and a {@code fork}
 * begins no more. {@link #close} cancels what is left, and waits until it has ended.
 *
 * <p>Scopes nest: to close one closes those that its owner has opened since. If the owner never
 * closes one, its fibers are cancelled when the owner ends. Close it, by {@code
 * try}-with-resources.
 *
 * <p>What a forked fiber throws is the joiner's affair, and doesn't come out of {@link
 * FiberRuntime#run}.
 *
 * @param <T> what the forked fibers return
 * @param <R> what {@code join} returns
 * @since 0.1.0
 */
public final class FiberScope<T extends @Nullable Object, R extends @Nullable Object> extends Opened
    implements AutoCloseable {
  static {
    FiberFrames.hide(FiberScope.class);
  }

  private final Fiber<?> owner;
  private final Joiner<? super T, ? extends R> joiner;
  private final WaiterQueue waiting = new WaiterQueue("join", this);

  /** The forked fibers that haven't ended, in the order in which they were forked. */
  private final LinkedHashSet<Fiber<?>> forked = new LinkedHashSet<>();

  /** What the owner had opened before. */
  private final @Nullable Opened outer;

  private @Nullable Throwable joinerFailure;
  private boolean needsJoin;
  private boolean joined;
  private boolean cancelled;
  private boolean closed;

  /** What prevents that the time-out comes; null if there is none. */
  private final @Nullable Runnable noTimeout;

  private final @Nullable Duration limit;
  private boolean timedOut;

  private FiberScope(
      Fiber<?> owner, Joiner<? super T, ? extends R> joiner, @Nullable Duration limit) {
    this.owner = owner;
    this.joiner = joiner;
    this.limit = limit;
    this.outer = owner.innermost();
    Scheduler scheduler = owner.scheduler();
    this.noTimeout =
        limit == null ? null : scheduler.schedule(this::timeOut, scheduler.clock().deadline(limit));
    owner.setInnermost(this);
  }

  /**
   * Opens a scope whose {@code join} waits until all have succeeded, and throws at the first
   * failure: {@link Joiner#awaitAllSuccessfulOrThrow()}.
   *
   * @param <T> what the forked fibers return
   * @return the scope; the calling fiber owns it
   * @throws IllegalStateException if the caller isn't a fiber
   */
  public static <T extends @Nullable Object> FiberScope<T, @Nullable Void> open() {
    return open(Joiner.awaitAllSuccessfulOrThrow());
  }

  /**
   * Opens a scope.
   *
   * @param <T> what the forked fibers return
   * @param <R> what {@code join} returns
   * @param joiner a new one: {@link Joiner} has the usual ones
   * @return the scope; the calling fiber owns it
   * @throws IllegalStateException if the caller isn't a fiber
   */
  public static <T extends @Nullable Object, R extends @Nullable Object> FiberScope<T, R> open(
      Joiner<? super T, ? extends R> joiner) {
    Objects.requireNonNull(joiner, "joiner");
    return new FiberScope<>(Fiber.requireCurrent("FiberScope.open"), joiner, null);
  }

  /**
   * Opens a scope that is cancelled if its fibers take longer than a time. Then {@link #join}
   * throws {@link FiberTimeoutException}. Fibers that have all ended before, while the owner is in
   * {@code join}, have ended in time.
   *
   * @param <T> what the forked fibers return
   * @param <R> what {@code join} returns
   * @param joiner a new one: {@link Joiner} has the usual ones
   * @param limit how long from now to the end of {@code join}, by the runtime's clock
   * @return the scope; the calling fiber owns it
   * @throws IllegalArgumentException if the duration is negative
   * @throws IllegalStateException if the caller isn't a fiber
   */
  public static <T extends @Nullable Object, R extends @Nullable Object> FiberScope<T, R> open(
      Joiner<? super T, ? extends R> joiner, Duration limit) {
    Objects.requireNonNull(joiner, "joiner");
    Durations.check(limit, "limit");
    return new FiberScope<>(Fiber.requireCurrent("FiberScope.open"), joiner, limit);
  }

  /**
   * What becomes of the forked fibers' results. A joiner serves one scope. Its methods are called
   * by the owner or by the fiber that ends; they must not suspend it.
   *
   * @param <T> what the fibers return
   * @param <R> what {@link FiberScope#join} returns
   */
  public interface Joiner<T extends @Nullable Object, R extends @Nullable Object> {
    /**
     * Called when a fiber was forked, before it begins; also if the scope is cancelled, and it
     * never will. If this throws, so does {@code fork}, and the fiber doesn't begin.
     *
     * @param fiber that was forked
     * @return whether to cancel the scope
     */
    default boolean onFork(Fiber<? extends T> fiber) {
      return false;
    }

    /**
     * Called when a fiber has ended, unless the scope was cancelled before.
     *
     * @param fiber that has succeeded, failed or been cancelled
     * @return whether to cancel the scope
     */
    default boolean onComplete(Fiber<? extends T> fiber) {
      return false;
    }

    /**
     * Called by {@link FiberScope#join} when all have ended or the scope is cancelled.
     *
     * @return what {@code join} returns
     * @throws Throwable what {@code join} throws: a {@link FiberFailedException} as it is, others
     *     as its cause
     */
    R result() throws Throwable;

    /**
     * {@return a joiner that waits until all have succeeded; the first that doesn't cancels the
     * scope, and {@code join} throws}
     *
     * @param <T> what the fibers return
     */
    static <T extends @Nullable Object> Joiner<T, @Nullable Void> awaitAllSuccessfulOrThrow() {
      return new Joiners.AllSuccessful<>(all -> null);
    }

    /**
     * {@return a joiner that gives all results, in the order of the forks; the first fiber that
     * doesn't succeed cancels the scope, and {@code join} throws}
     *
     * @param <T> what the fibers return
     */
    static <T extends @Nullable Object> Joiner<T, List<T>> allSuccessfulOrThrow() {
      return new Joiners.AllSuccessful<>(all -> all);
    }

    /**
     * {@return a joiner that gives the first result and cancels the scope then; if no fiber
     * succeeds, {@code join} throws for the one that failed first}
     *
     * @param <T> what the fibers return
     */
    static <T extends @Nullable Object> Joiner<T, T> anySuccessfulOrThrow() {
      return new Joiners.AnySuccessful<>();
    }

    /**
     * {@return a joiner that waits for the end of all, whether they succeed or not} What came of
     * each, its {@link Fiber#state()} tells.
     *
     * @param <T> what the fibers return
     */
    static <T extends @Nullable Object> Joiner<T, @Nullable Void> awaitAll() {
      return () -> null;
    }

    /**
     * {@return a joiner that gives all fibers, in the order of the forks; it cancels the scope when
     * one has ended of which a predicate is true}
     *
     * @param <T> what the fibers return
     * @param isDone told each fiber that has ended
     */
    static <T extends @Nullable Object> Joiner<T, List<Fiber<? extends T>>> allUntil(
        Predicate<? super Fiber<? extends T>> isDone) {
      return new Joiners.AllUntil<>(Objects.requireNonNull(isDone, "isDone"));
    }
  }

  /**
   * Begins a fiber in this scope.
   *
   * @param <U> what it returns
   * @param body what it runs
   * @return the fiber; if the scope was cancelled, it is cancelled, too
   * @throws IllegalStateException if the caller isn't the owner, or the scope was joined or closed
   */
  public <U extends T> Fiber<U> fork(Callable<? extends U> body) {
    Objects.requireNonNull(body, "body");
    return begin(null, body);
  }

  /**
   * Begins a fiber with a name in this scope.
   *
   * @param <U> what it returns
   * @param name what dumps, messages and traces call it
   * @param body what it runs
   * @return the fiber; if the scope was cancelled, it is cancelled, too
   * @throws IllegalStateException if the caller isn't the owner, or the scope was joined or closed
   */
  public <U extends T> Fiber<U> fork(String name, Callable<? extends U> body) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    return begin(name, body);
  }

  /**
   * Begins a fiber without a result in this scope.
   *
   * @param body what it runs
   * @return the fiber, whose result is null; if the scope was cancelled, it is cancelled, too
   * @throws IllegalStateException if the caller isn't the owner, or the scope was joined or closed
   */
  @SuppressWarnings("unchecked") // null is a value of every type
  public Fiber<? extends T> launch(Runnable body) {
    return begin(null, (Callable<T>) FiberRuntime.callable(body));
  }

  /**
   * Begins a fiber with a name and without a result in this scope.
   *
   * @param name what dumps, messages and traces call it
   * @param body what it runs
   * @return the fiber, whose result is null; if the scope was cancelled, it is cancelled, too
   * @throws IllegalStateException if the caller isn't the owner, or the scope was joined or closed
   */
  @SuppressWarnings("unchecked") // null is a value of every type
  public Fiber<? extends T> launch(String name, Runnable body) {
    Objects.requireNonNull(name, "name");
    return begin(name, (Callable<T>) FiberRuntime.callable(body));
  }

  private <U extends T> Fiber<U> begin(@Nullable String name, Callable<? extends U> body) {
    requireOwner("fork");
    if (joined) {
      throw new IllegalStateException("cannot fork in " + this + ": it was joined already");
    }
    Fiber<U> fiber = owner.runtime().spawn(name, body, this::ended);
    needsJoin = true;
    boolean enough;
    try {
      enough = joiner.onFork(fiber);
      forked.add(fiber);
    } catch (Throwable t) {
      fiber.core().cancel(); // it has not begun, and never will
      throw t;
    }
    if (enough || cancelled) {
      cancel();
    }
    return fiber;
  }

  /**
   * Waits until all forked fibers have ended or the scope is cancelled, and returns what the joiner
   * says. It is called once, after the last fork; again only if it has thrown {@link
   * FiberCancelled}.
   *
   * @return the joiner's result
   * @throws FiberTimeoutException if the scope was opened with a time-out, which came first
   * @throws FiberFailedException if the joiner throws; with its own, because a fiber failed, the
   *     cause is what that fiber threw
   * @throws IllegalStateException if the caller isn't the owner, or the scope was joined or closed
   * @throws FiberCancelled if the owner was cancelled; {@code close} then cancels the fibers
   */
  public R join() {
    requireOwner("join");
    if (joined) {
      throw new IllegalStateException("cannot join " + this + ": it was joined already");
    }
    needsJoin = false; // also if this is cancelled
    owner.beginOperation();
    if (!forked.isEmpty() && !cancelled) {
      owner.waitIn(waiting, null);
    }
    joined = true;
    stopTimer();
    if (timedOut) {
      throw new FiberTimeoutException("the fibers of " + this, Objects.requireNonNull(limit));
    }
    try {
      if (joinerFailure != null) {
        throw joinerFailure;
      }
      return joiner.result();
    } catch (FiberFailedException e) {
      throw e;
    } catch (Throwable t) {
      throw new FiberFailedException("the joiner of " + this, t);
    }
  }

  /** {@return whether the joiner, a failure or {@code close} has cancelled the scope} */
  public boolean isCancelled() {
    return cancelled;
  }

  /**
   * Cancels the forked fibers that have not ended, and waits until they have. The owner's own
   * cancellation has to wait so long.
   *
   * @throws IllegalStateException if the caller isn't the owner; or if the owner forked and did not
   *     call {@code join}: the fibers have ended nevertheless
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    requireOwner("close");
    IllegalStateException unjoined = null;
    while (owner.innermost() != this) {
      try {
        Objects.requireNonNull(owner.innermost()).close(); // scopes nest
      } catch (IllegalStateException e) {
        unjoined = e;
      }
    }
    cancel();
    while (!forked.isEmpty()) {
      owner.waitUncancellablyIn(waiting, null);
    }
    abandon();
    if (needsJoin) {
      unjoined =
          new IllegalStateException(
              owner.describe() + " forked in " + this + " and closed it without a join");
    }
    if (unjoined != null) {
      throw unjoined;
    }
  }

  /** The scope is over. If the owner has ended without closing it, its fibers are cancelled. */
  @Override
  void abandon() {
    closed = true;
    owner.setInnermost(outer);
    stopTimer();
    cancel();
  }

  /** A forked fiber has ended, by whatever way. Called while it still runs. */
  private void ended(Fiber<?> fiber) {
    fiber.markObserved();
    if (forked.remove(fiber) && !cancelled) {
      boolean enough;
      try {
        @SuppressWarnings("unchecked") // it was forked here
        Fiber<? extends T> ours = (Fiber<? extends T>) fiber;
        enough = joiner.onComplete(ours);
      } catch (Throwable t) {
        joinerFailure = t;
        enough = true;
      }
      if (enough) {
        cancel();
      }
    }
    if (forked.isEmpty() && waiting.resumeFirst(null)) {
      stopTimer(); // they have ended in time, though the owner's turn may come late
    }
  }

  private void cancel() {
    Headroom.ensure(); // to cancel half of them can't be undone
    if (!cancelled) {
      cancelled = true;
      waiting.resumeFirst(null); // the owner, if it is in join
    }
    for (Fiber<?> fiber : List.copyOf(forked)) {
      fiber.core().cancel();
    }
  }

  private void timeOut() {
    if (!cancelled) {
      cancel();
      timedOut = true;
    }
  }

  private void stopTimer() {
    if (noTimeout != null) {
      noTimeout.run();
    }
  }

  private void requireOwner(String verb) {
    Fiber<?> caller = Fiber.requireCurrent("FiberScope." + verb);
    if (caller != owner) {
      throw new IllegalStateException(
          caller.describe()
              + " cannot "
              + verb
              + " "
              + this
              + ": "
              + owner.describe()
              + " owns it");
    }
    if (closed) {
      throw new IllegalStateException("cannot " + verb + " " + this + ": it is closed");
    }
  }

  /** Whose scope it is, for people. */
  @Override
  public String toString() {
    return "the scope of " + owner;
  }
}
