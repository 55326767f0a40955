package dev.stackful.fiber;

import dev.stackful.Coroutine;
import dev.stackful.ForcedUnwind;
import dev.stackful.Yielder;
import dev.stackful.internal.engine.CoroutineStack;
import dev.stackful.internal.engine.StackTask;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A body of ordinary Java that takes turns with the other fibers of its {@link FiberRuntime}. It
 * runs until it suspends itself, at any depth of calls: by {@link #yieldNow()}, {@link #sleep},
 * {@link #join}, {@link #await}, or by an operation of a {@link Channel}, a {@link Select} or a
 * {@link FiberScope}. Between two of these no other fiber of the runtime runs.
 *
 * <p>The static methods are for the fiber that calls them. They must be called on the fiber's own
 * stack: not by a thread that is no fiber, and not inside another {@link Coroutine} or a {@link
 * dev.stackful.Generator} that the fiber resumes.
 *
 * <h2>Ends</h2>
 *
 * A fiber's result, or what it threw, reaches everybody who {@linkplain #join joins} it. A failure
 * that nobody has joined by the time the last fiber ends comes out of {@link FiberRuntime#run}.
 *
 * <h2>Cancellation</h2>
 *
 * {@link #cancel} has the operation that a fiber waits in, or else its next one, throw {@link
 * FiberCancelled}. It is thrown once: the fiber's {@code finally} blocks may yield, sleep, send and
 * receive like any other code. A fiber that has let it pass is {@link State#CANCELLED}, which isn't
 * a failure. One that catches it goes on as if nothing had been, and may be cancelled again. One
 * that throws something else meanwhile has failed with that. An operation that was completed before
 * the cancellation came returns as usual, so that no element is lost; then the next one throws.
 *
 * <h2>Blocking</h2>
 *
 * A fiber that blocks its thread, by {@link Thread#sleep}, a lock, or reading from a socket, stops
 * all fibers of its runtime. If it waits for a lock that another fiber holds, that is for ever.
 * Have another thread do what blocks, and {@link #await} it.
 *
 * <h2>Memory effects</h2>
 *
 * Actions in a fiber prior to an operation that suspends it happen-before those of the fibers that
 * run next, on whatever thread. Actions prior to {@link FiberRuntime#spawn(Runnable)} happen-before
 * those of the new fiber; actions of a fiber happen-before those that follow a {@code join} of it.
 *
 * @param <T> what it returns
 */
public final class Fiber<T extends @Nullable Object> {

  /** What a fiber is doing. */
  public enum State {
    /** Has not begun. */
    NEW,
    /** Could go on, and will when its turn comes. */
    READY,
    /** Runs. */
    RUNNING,
    /** Waits: for a time, another fiber, a channel or a stage. */
    WAITING,
    /** Has returned. */
    SUCCEEDED,
    /** Has thrown. */
    FAILED,
    /** Was cancelled and has ended. */
    CANCELLED
  }

  static final int NEW = 0;
  static final int READY = 1;
  static final int RUNNING = 2;
  static final int WAITING = 3;
  static final int SUCCEEDED = 4;
  static final int FAILED = 5;
  static final int CANCELLED = 6;

  private static final State[] STATES = State.values();

  private static final VarHandle STATUS;
  private static final VarHandle FUTURE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATUS = lookup.findVarHandle(Fiber.class, "status", int.class);
      FUTURE = lookup.findVarHandle(Fiber.class, "future", CompletableFuture.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Scheduler scheduler;
  final long number;
  private final String name;
  private final @Nullable FiberScope<?, ?> scope;

  /** Null after the end: what it captures may be large. */
  private @Nullable Callable<? extends T> body;

  /** Null before the first turn and after the end. */
  @Nullable Coroutine<@Nullable Void, @Nullable Void> coroutine;

  /** The way out of its stack. Valid while the body runs. */
  Yielder<@Nullable Void, @Nullable Void> self;

  /**
   * One of the constants above. Plain while the fiber lives, as each switch writes it; the end is
   * published.
   */
  int status;

  /** What it waits for. */
  @Nullable Blocker blocker;

  /** Whether a cancellation may end the wait. */
  boolean cancellable;

  /** Whether what it waited for has come. */
  boolean woken;

  /** A cancellation has not been thrown yet. */
  boolean cancelPending;

  /** The scope that it opened last and hasn't closed. */
  @Nullable FiberScope<?, ?> innermostScope;

  @Nullable Fiber<?> previousLive;
  @Nullable Fiber<?> nextLive;

  private @Nullable Waiter waiter;
  private @Nullable Timer timer;
  private @Nullable WaiterQueue joiners;
  private @Nullable T result;
  private @Nullable Throwable failure;
  private volatile boolean observed;
  private volatile @Nullable CompletableFuture<T> future;

  @SuppressWarnings("NullAway.Init") // self is set by the body's first act
  Fiber(
      Scheduler scheduler,
      @Nullable String name,
      Callable<? extends T> body,
      @Nullable FiberScope<?, ?> scope) {
    this.scheduler = scheduler;
    this.number = scheduler.nextFiberNumber();
    this.name = name == null ? "fiber-" + number : name;
    this.body = body;
    this.scope = scope;
  }

  // ---- for the fiber that calls -------------------------------------------------------------

  /** {@return the fiber on whose stack the caller is, if it is on one} */
  public static Optional<Fiber<?>> current() {
    return Optional.ofNullable(currentOrNull());
  }

  /**
   * Lets the other ready fibers run before the caller goes on. In the usual order that is each of
   * them once.
   *
   * @throws IllegalStateException if the caller isn't a fiber
   * @throws FiberCancelled if the fiber was cancelled
   */
  public static void yieldNow() {
    Fiber<?> me = requireCurrent("Fiber.yieldNow()");
    me.scheduler.yieldNow(me);
  }

  /**
   * Suspends the calling fiber for a time of its runtime's {@linkplain FiberClock clock}. A
   * duration of zero is a {@link #yieldNow()}.
   *
   * @param duration how long; what is longer than 292 years is cut to that
   * @throws IllegalArgumentException if the duration is negative
   * @throws IllegalStateException if the caller isn't a fiber
   * @throws FiberCancelled if the fiber was cancelled
   */
  public static void sleep(Duration duration) {
    Scheduler.checked(duration, "duration");
    Fiber<?> me = requireCurrent("Fiber.sleep(Duration)");
    if (duration.isZero()) {
      me.scheduler.yieldNow(me);
      return;
    }
    me.throwIfCancelled();
    Timer timer = me.timer;
    if (timer == null) {
      timer = new Timer(me);
      me.timer = timer;
    }
    me.scheduler.timers.remove(timer); // if an error had left it there
    me.scheduler.timers.add(timer, me.scheduler.deadline(duration));
    me.scheduler.block(me, timer);
  }

  /**
   * Suspends the calling fiber until a stage is complete. Any thread may complete it. If it is
   * complete already, this returns at once. A fiber that is cancelled meanwhile leaves the stage as
   * it is.
   *
   * <p>If nobody ever completes it, the fiber waits for ever, and {@link FiberRuntime#run} with it:
   * there may always be another thread that will, so this is no {@linkplain FiberDeadlockException
   * deadlock}.
   *
   * @param <T> what the stage gives
   * @param stage what to wait for
   * @return its result
   * @throws CompletionException if the stage completed exceptionally; the cause is its exception
   * @throws CancellationException if the stage was cancelled
   * @throws IllegalStateException if the caller isn't a fiber
   * @throws FiberCancelled if the fiber was cancelled
   */
  public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    Objects.requireNonNull(stage, "stage");
    Fiber<?> me = requireCurrent("Fiber.await(CompletionStage)");
    me.throwIfCancelled();
    return new Awaiting<T>(me).await(stage);
  }

  // ---- for others ---------------------------------------------------------------------------

  /**
   * Waits until this fiber has ended. Called by a fiber of the same runtime; if this fiber has
   * ended already, anybody may call.
   *
   * @return what the body returned
   * @throws FiberFailedException if the body threw; the cause is what it threw
   * @throws CancellationException if the fiber was cancelled
   * @throws IllegalStateException if it hasn't ended and the caller is not a fiber of the same
   *     runtime, or is this fiber
   * @throws FiberCancelled if the calling fiber was cancelled
   */
  public T join() {
    if (!isDone()) {
      Fiber<?> me = requireCurrent("join() of the fiber " + name + ", which has not ended,");
      if (me.scheduler != scheduler) {
        throw new IllegalStateException(
            me.describe()
                + " cannot join "
                + describe()
                + " of another runtime: Fiber.await its toCompletableFuture()");
      }
      if (me == this) {
        throw new IllegalStateException(describe() + " cannot join itself");
      }
      me.throwIfCancelled();
      WaiterQueue queue = joiners;
      if (queue == null) {
        queue = new WaiterQueue("join", this);
        joiners = queue;
      }
      Waiter waiter = me.waiter();
      queue.add(waiter);
      scheduler.block(me, waiter);
    }
    return outcome();
  }

  /** The result or the failure of a fiber that has ended, which somebody sees now. */
  private T outcome() {
    int ended = (int) STATUS.getAcquire(this);
    if (ended == FAILED) {
      observed = true;
      throw failedException();
    }
    if (ended == CANCELLED) {
      throw cancellationException();
    }
    return result;
  }

  /**
   * Asks the fiber to end: the operation that it waits in, or else its next one, throws {@link
   * FiberCancelled}. One that hasn't begun ends at once. This does not wait for the end; {@link
   * #join} does. It has no effect on a fiber that has ended.
   *
   * <p>Any thread may call it. If it isn't a fiber of the same runtime, the runtime learns of it
   * when it next gives a turn.
   */
  public void cancel() {
    scheduler.tell(() -> scheduler.cancel(this));
  }

  /** {@return the name that it was given, or {@code fiber-} and its number in the runtime} */
  public String name() {
    return name;
  }

  /** {@return the runtime that it belongs to} */
  public FiberRuntime runtime() {
    return scheduler.runtime;
  }

  /**
   * {@return what the fiber is doing} Seen from another thread than that which runs the runtime,
   * only the three states after the end are certain.
   */
  public State state() {
    return STATES[(int) STATUS.getAcquire(this)];
  }

  /** {@return whether it has ended: by returning, by throwing or because it was cancelled} */
  public boolean isDone() {
    return (int) STATUS.getAcquire(this) >= SUCCEEDED;
  }

  /**
   * {@return what the body threw, if the fiber {@linkplain State#FAILED failed}} Unlike a {@link
   * #join}, this does not count as having dealt with it.
   */
  public Optional<Throwable> failure() {
    return state() == State.FAILED ? Optional.ofNullable(failure) : Optional.empty();
  }

  /**
   * A future of the fiber's result, for other threads, other runtimes and other libraries. It is
   * completed by the thread that runs the fiber, with the result, with what the body threw, or with
   * a {@link CancellationException}. A failure that it gets counts as joined. To cancel the future
   * does nothing to the fiber.
   *
   * @return the same future each time
   */
  public CompletableFuture<T> toCompletableFuture() {
    CompletableFuture<T> known = future;
    if (known == null) {
      CompletableFuture<T> made = new CompletableFuture<>();
      known = FUTURE.compareAndSet(this, null, made) ? made : Objects.requireNonNull(future);
    }
    // Both sides write first and look then: whoever ends sees the future, or we see the end.
    if ((int) STATUS.getVolatile(this) >= SUCCEEDED) {
      complete(known);
    }
    return known;
  }

  /**
   * Where the fiber stands while it is suspended.
   *
   * @return its frames, innermost first; empty if it has not begun or has ended
   */
  public StackTraceElement[] stackTrace() {
    Coroutine<?, ?> standing = coroutine;
    return standing == null ? new StackTraceElement[0] : FiberFrames.of(standing.stackTrace());
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }

  // ---- for this package ---------------------------------------------------------------------

  static @Nullable Fiber<?> currentOrNull() {
    StackTask task = CoroutineStack.currentTask();
    return task != null && task.body() instanceof Body body ? body.fiber : null;
  }

  /** The calling fiber. */
  static Fiber<?> requireCurrent(String operation) {
    Fiber<?> current = currentOrNull();
    if (current == null) {
      throw notInFiber(operation);
    }
    return current;
  }

  private static IllegalStateException notInFiber(String operation) {
    String where =
        Coroutine.current()
            .map(
                coroutine ->
                    "the coroutine "
                        + coroutine.name()
                        + ", whose stack is not a fiber's, even if a fiber resumes it")
            .orElseGet(() -> "the thread " + Thread.currentThread().getName());
    return new IllegalStateException(
        operation
            + " must be called in a fiber, on its own stack; it was called in "
            + where
            + ". FiberRuntime.spawn makes a fiber");
  }

  Waiter waiter() {
    Waiter own = waiter;
    if (own == null) {
      own = new Waiter(this, null, 0);
      waiter = own;
    } else if (own.queue != null) {
      own.queue.remove(own); // left there by a wait that an error ended
    }
    return own;
  }

  void throwIfCancelled() {
    if (cancelPending) {
      throw cancelled();
    }
  }

  /** What a cancellation throws. It is not pending any more. */
  FiberCancelled cancelled() {
    FiberCancelled thrown = new FiberCancelled(this);
    cancelPending = false;
    return thrown;
  }

  String describe() {
    return "the fiber " + name;
  }

  /** What its coroutine runs, by which {@link #currentOrNull} finds it. */
  Coroutine.Body<@Nullable Void, @Nullable Void> coroutineBody() {
    return new Body(this);
  }

  private static final class Body implements Coroutine.Body<@Nullable Void, @Nullable Void> {
    private final Fiber<?> fiber;

    Body(Fiber<?> fiber) {
      this.fiber = fiber;
    }

    @Override
    public @Nullable Void run(
        Yielder<@Nullable Void, @Nullable Void> self, @Nullable Void nothing) {
      fiber.self = self;
      fiber.runBody();
      return null;
    }
  }

  private void runBody() {
    status = RUNNING;
    ChromeTrace trace = scheduler.trace;
    if (trace != null) {
      trace.begins(this);
    }
    T returned;
    try {
      returned = Objects.requireNonNull(body).call();
    } catch (Throwable t) {
      boolean cancelled =
          t instanceof ForcedUnwind || (t instanceof FiberCancelled c && c.isOf(this));
      end(cancelled ? CANCELLED : FAILED, null, cancelled ? null : t);
      return;
    }
    end(SUCCEEDED, returned, null);
  }

  /** It could not begin. */
  void fail(Throwable cause) {
    end(FAILED, null, cause);
  }

  /** It was cancelled before it began. */
  void endCancelled() {
    end(CANCELLED, null, null);
  }

  private void end(int outcome, @Nullable T value, @Nullable Throwable thrown) {
    boolean ran = status == RUNNING;
    result = value;
    failure = thrown;
    body = null;
    coroutine = null;
    waiter = null;
    timer = null;
    while (innermostScope != null) {
      innermostScope.abandon();
    }
    scheduler.remove(this);
    STATUS.setVolatile(this, outcome); // then looks for a future: see toCompletableFuture
    if (scope == null && outcome == FAILED) {
      scheduler.failed(this);
    }
    if (joiners != null) {
      Waiter joiner;
      while ((joiner = joiners.poll()) != null) {
        joiner.complete();
        observed = true;
      }
    }
    if (scope != null) {
      scope.ended(this);
    }
    CompletableFuture<T> waiting = future;
    if (waiting != null) {
      complete(waiting);
    }
    ChromeTrace trace = scheduler.trace;
    if (trace != null && ran) {
      trace.ends(this, state().name().toLowerCase(Locale.ROOT));
    }
  }

  private void complete(CompletableFuture<T> waiting) {
    switch (status) {
      case FAILED -> {
        observed = true;
        waiting.completeExceptionally(Objects.requireNonNull(failure));
      }
      case CANCELLED -> waiting.completeExceptionally(cancellationException());
      default -> waiting.complete(result);
    }
  }

  /** Whether a failure has reached anybody. */
  boolean isObserved() {
    return observed;
  }

  /** A scope has taken the failure upon itself. */
  void markObserved() {
    observed = true;
  }

  FiberFailedException failedException() {
    return new FiberFailedException(name, Objects.requireNonNull(failure));
  }

  CancellationException cancellationException() {
    return new CancellationException("the fiber " + name + " was cancelled");
  }

  /** What it returned. For one that has succeeded. */
  T result() {
    return result;
  }
}
