package dev.stackful.fiber;

import dev.stackful.Coroutine;
import dev.stackful.ForcedUnwind;
import dev.stackful.internal.fiber.Alarm;
import dev.stackful.internal.fiber.FiberCore;
import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.Scheduler;
import dev.stackful.internal.fiber.WaiterQueue;
import dev.stackful.internal.fiber.WaiterQueue.Waiter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
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
 * that nobody waits for is told to the runtime's {@linkplain FiberRuntime.Builder#onFailure
 * handler} at once; if nobody has joined it by the time the last fiber ends, it comes out of {@link
 * FiberRuntime#run}.
 *
 * <h2>Cancellation</h2>
 *
 * {@link #cancel} has the operation that a fiber waits in, or else its next one, throw {@link
 * FiberCancelled}. It is thrown once: the fiber's {@code finally} blocks may yield, sleep, send and
 * receive like any other code. So it is in Python's asyncio; in Kotlin every later operation throws
 * as well, and code that cleans up needs a wrapper, or it is cut short. A fiber that has let it
 * pass is {@link State#CANCELLED}, which isn't a failure. One that catches it goes on as if nothing
 * had happened, and may be cancelled again. One that throws something else meanwhile has failed
 * with that. An operation that was completed before the cancellation came returns as usual, so that
 * no element is lost; then the next one throws.
 *
 * <p>A fiber that is cancelled before its first turn ends at once: its body never begins, so that
 * it has no {@code finally} to run. It is so in asyncio and in Kotlin, too. What must be cleaned up
 * in any case is left to the code that spawns the fiber.
 *
 * <h2>Blocking</h2>
 *
 * A fiber that blocks its thread, by {@link Thread#sleep}, a lock, or reading from a socket, stops
 * all fibers of its runtime. If it waits for a lock that another fiber holds, that is for ever.
 * {@link #blocking blocking} has another thread run what blocks.
 *
 * <h2>Memory effects</h2>
 *
 * Actions in a fiber prior to an operation that suspends it happen-before those of the fibers that
 * run next, on whatever thread. Actions prior to {@link FiberRuntime#launch(Runnable) launch} or
 * {@link FiberRuntime#spawn(Callable) spawn} happen-before those of the new fiber; actions of a
 * fiber happen-before those that follow a {@code join} of it.
 *
 * @param <T> what it returns
 * @since 0.1.0
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

  private static final State[] STATES = State.values();

  /** How many steps an end has. */
  private static final int END_STEPS = 7;

  private static final VarHandle FUTURE;

  static {
    FiberFrames.hide(Fiber.class);
    try {
      FUTURE = MethodHandles.lookup().findVarHandle(Fiber.class, "future", CompletableFuture.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The scheduler's half of a fiber, by which {@link #currentOrNull} finds the other. */
  private static final class Core extends FiberCore {
    private final Fiber<?> fiber;

    Core(Fiber<?> fiber, Scheduler scheduler, @Nullable String name) {
      super(scheduler, name);
      this.fiber = fiber;
    }

    @Override
    protected void runBody() {
      fiber.runBody();
    }

    @Override
    protected void endUnbegun(@Nullable Throwable failure) {
      fiber.end(failure == null ? CANCELLED : FAILED, null, failure);
    }

    @Override
    protected Error interruption(Object why) {
      return new FiberCancelled(this, why);
    }
  }

  private final Core core;
  private final FiberRuntime runtime;
  private final Scheduler scheduler;

  /** Who is told of the end; null for the runtime, which is told of a failure only. */
  private final @Nullable Consumer<? super Fiber<?>> parent;

  /** Null after the end: what it captures may be large. */
  private @Nullable Callable<? extends T> body;

  /** What it opened last and hasn't closed. */
  private @Nullable Opened innermost;

  /** The values of its variables. Never changed: whoever sets one makes a new map. */
  private Map<FiberLocal<?>, @Nullable Object> locals;

  private @Nullable Waiter waiter;
  private @Nullable Alarm alarm;
  private @Nullable WaiterQueue joiners;
  private @Nullable T result;
  private @Nullable Throwable failure;
  private volatile boolean observed;
  private volatile @Nullable CompletableFuture<T> future;

  Fiber(
      FiberRuntime runtime,
      Scheduler scheduler,
      @Nullable String name,
      Callable<? extends T> body,
      @Nullable Consumer<? super Fiber<?>> parent,
      @Nullable Fiber<?> spawner) {
    this.locals = spawner == null ? Map.of() : spawner.locals;
    this.runtime = runtime;
    this.scheduler = scheduler;
    this.core = new Core(this, scheduler, name);
    this.body = body;
    this.parent = parent;
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
    requireCurrent("Fiber.yieldNow()").core.yieldNow();
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
    Durations.check(duration, "duration");
    Fiber<?> me = requireCurrent("Fiber.sleep(Duration)");
    if (duration.isZero()) {
      me.core.yieldNow();
      return;
    }
    me.core.beginOperation();
    Alarm alarm = me.alarm();
    alarm.set(me.core.newWait(), me.scheduler.clock().deadline(duration));
    me.core.block(alarm);
  }

  /**
   * Suspends the calling fiber until a stage is complete. Any thread may complete it. If it is
   * complete already, this returns at once. A fiber that is cancelled meanwhile leaves the stage as
   * it is.
   *
   * <p>Fibers that await the same stage go on in the order in which it calls what depends on it: a
   * {@link CompletableFuture} begins with the last. Those that await a {@link Deferred} go on first
   * in, first out.
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
    me.core.beginOperation();
    return new Awaiting<T>().await(stage, me.core, me.scheduler);
  }

  /**
   * Waits for a stage as {@link #await(CompletionStage)} does, but no longer than a time.
   *
   * @param <T> what the stage gives
   * @param stage what to wait for
   * @param limit how long, by the runtime's clock
   * @return its result
   * @throws FiberTimeoutException if the stage wasn't complete in time; it is left as it is
   * @throws CompletionException as {@code await(stage)}
   * @throws CancellationException as {@code await(stage)}
   * @throws IllegalArgumentException if the duration is negative
   * @throws IllegalStateException if the caller isn't a fiber
   * @throws FiberCancelled if the fiber was cancelled
   */
  public static <T extends @Nullable Object> T await(CompletionStage<T> stage, Duration limit) {
    Objects.requireNonNull(stage, "stage");
    Durations.check(limit, "limit");
    return timed(requireCurrent("Fiber.await"), "to await a stage", limit, () -> await(stage));
  }

  /**
   * A piece of code that runs in the fiber that calls, on its stack.
   *
   * @apiNote Java finds out by itself what the code throws. Kotlin must be told, as in {@code
   *     Fiber.blocking<_, IOException> { ... }}.
   * @param <R> what it returns
   * @param <X> what it throws, beyond what is unchecked
   */
  @FunctionalInterface
  public interface Operation<R extends @Nullable Object, X extends Throwable> {
    /**
     * Runs it.
     *
     * @return its result
     * @throws X what it throws
     */
    R run() throws X;
  }

  /**
   * Runs a piece of code that may take no longer than a time. When the time is over, the operation
   * that the fiber waits in, or else its next one, throws {@link FiberCancelled}, once, as if the
   * fiber had been cancelled; what was waited for is left as if it had not been tried. When that
   * has left the code, this throws {@link FiberTimeoutException}. Code that doesn't suspend isn't
   * cut short, and what ends before it notices has ended in time.
   *
   * <p>Time-outs nest, and each comes once. If several have passed when the fiber notices, the
   * outermost is thrown, and the others inside it don't come any more. One that passes later, while
   * the code cleans up, interrupts that in its turn. If the fiber is cancelled as well, that is
   * what comes out.
   *
   * @param <R> what the code returns
   * @param <X> what it throws
   * @param limit how long, by the runtime's clock
   * @param body the code
   * @return what it returned
   * @throws FiberTimeoutException if it took longer
   * @throws X what it throws
   * @throws IllegalArgumentException if the duration is negative
   * @throws IllegalStateException if the caller isn't a fiber
   * @throws FiberCancelled if the fiber was cancelled
   */
  public static <R extends @Nullable Object, X extends Throwable> R timeout(
      Duration limit, Operation<? extends R, X> body) throws X {
    Durations.check(limit, "limit");
    Objects.requireNonNull(body, "body");
    return timed(requireCurrent("Fiber.timeout"), "the code in a timeout", limit, body);
  }

  /**
   * Runs a piece of code without a result that may take no longer than a time; for the rest see
   * {@link #timeout(Duration, Operation)}.
   *
   * @param limit how long, by the runtime's clock
   * @param body the code
   * @throws FiberTimeoutException if it took longer
   * @throws IllegalArgumentException if the duration is negative
   * @throws IllegalStateException if the caller isn't a fiber
   * @throws FiberCancelled if the fiber was cancelled
   */
  public static void runWithin(Duration limit, Runnable body) {
    Durations.check(limit, "limit");
    Objects.requireNonNull(body, "body");
    Operation<@Nullable Void, RuntimeException> operation =
        () -> {
          body.run();
          return null;
        };
    timed(requireCurrent("Fiber.runWithin"), "the code in a timeout", limit, operation);
  }

  /**
   * Has another thread run a piece of code that may block, a virtual thread made for it, while the
   * calling fiber waits and the others go on.
   *
   * <p>If the fiber is cancelled or its {@linkplain #timeout time} is over, the thread is
   * {@linkplain Thread#interrupt interrupted}, and this throws {@link FiberCancelled} when the code
   * has ended: it never goes on while the fiber does. Code that takes no notice of interrupts is
   * waited for, except by {@link FiberRuntime#close}.
   *
   * @param <R> what the code returns
   * @param <X> what it throws
   * @param body the code; it is not in a fiber
   * @return what it returned
   * @throws X what it throws, as the same object
   * @throws IllegalStateException if the caller isn't a fiber
   * @throws FiberCancelled if the fiber was cancelled
   */
  public static <R extends @Nullable Object, X extends Throwable> R blocking(
      Operation<? extends R, X> body) throws X {
    Objects.requireNonNull(body, "body");
    Fiber<?> me = requireCurrent("Fiber.blocking");
    return me.block(task -> Thread.ofVirtual().name("blocking call of " + me).start(task), body);
  }

  /**
   * Has an executor run a piece of code that may block; for the rest see {@link
   * #blocking(Operation)}. If the fiber is cancelled, or its time is over, before the executor has
   * come to it, the code never runs, and is not waited for.
   *
   * @param <R> what the code returns
   * @param <X> what it throws
   * @param executor runs the code
   * @param body the code; it is not in a fiber
   * @return what it returned
   * @throws X what it throws, as the same object
   * @throws java.util.concurrent.RejectedExecutionException if the executor takes nothing
   * @throws IllegalStateException if the caller isn't a fiber
   * @throws FiberCancelled if the fiber was cancelled
   */
  public static <R extends @Nullable Object, X extends Throwable> R blocking(
      Executor executor, Operation<? extends R, X> body) throws X {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(body, "body");
    return requireCurrent("Fiber.blocking").block(executor, body);
  }

  @SuppressWarnings("unchecked") // the code throws nothing else but what is unchecked
  private <R extends @Nullable Object, X extends Throwable> R block(
      Executor executor, Operation<? extends R, X> code) throws X {
    core.beginOperation();
    try {
      return new BlockingCall<R>(code, scheduler).call(executor, core);
    } catch (Throwable t) {
      throw (X) t;
    }
  }

  private static <R extends @Nullable Object, X extends Throwable> R timed(
      Fiber<?> me, String what, Duration limit, Operation<? extends R, X> body) throws X {
    FiberCore.Deadline deadline =
        me.scheduler.newDeadline(me.core, me.scheduler.clock().deadline(limit));
    try {
      return body.run();
    } catch (FiberCancelled thrown) {
      if (!thrown.isOf(deadline)) {
        throw thrown;
      }
      me.core.throwIfInterrupted(); // by a cancellation, or by a time-out around this
      throw new FiberTimeoutException(what, limit);
    } finally {
      deadline.close();
    }
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
      Fiber<?> me = currentOrNull();
      if (me == null) {
        throw notInFiber("join() of " + describe() + ", which has not ended,");
      }
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
      me.core.beginOperation();
      if (!isDone()) {
        me.waitIn(joiners(), null);
      }
    }
    return outcome();
  }

  private WaiterQueue joiners() {
    WaiterQueue queue = joiners;
    if (queue == null) {
      queue = new WaiterQueue("join", this);
      joiners = queue;
    }
    return queue;
  }

  /** For a select: a case that waits for the end. */
  <R extends @Nullable Object> SelectCase<R> joining(Function<? super T, ? extends R> action) {
    return new SimpleCase<>(
        operation -> {
          if (!isDone() && requireCurrent(operation).runtime != runtime) {
            throw new IllegalStateException(describe() + " belongs to " + runtime);
          }
        },
        this::isDone,
        () -> {},
        this::joiners, // which a fiber alone may make
        () -> null,
        () -> action.apply(outcome()));
  }

  /**
   * Waits as {@link #join()} does, but no longer than a time.
   *
   * @param limit how long, by the runtime's clock
   * @return what the body returned
   * @throws FiberTimeoutException if this fiber hadn't ended in time; it goes on
   * @throws FiberFailedException as {@code join()}
   * @throws CancellationException as {@code join()}
   * @throws IllegalArgumentException if the duration is negative
   * @throws IllegalStateException as {@code join()}
   * @throws FiberCancelled if the calling fiber was cancelled
   */
  public T joinWithin(Duration limit) {
    Durations.check(limit, "limit");
    if (isDone()) {
      return outcome();
    }
    Fiber<?> me = requireCurrent("joinWithin(Duration) of the fiber " + name());
    return timed(me, "to join " + describe(), limit, this::join);
  }

  /** The result or the failure of a fiber that has ended, which somebody sees now. */
  private T outcome() {
    int ended = core.status();
    if (ended == FiberCore.FAILED) {
      observed = true;
      throw failedException();
    }
    if (ended == FiberCore.CANCELLED) {
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
    scheduler.tell(core::cancel);
  }

  /** {@return the name that it was given, or {@code fiber-} and its number in the runtime} */
  public String name() {
    return core.name();
  }

  /** {@return the runtime that it belongs to} */
  public FiberRuntime runtime() {
    return runtime;
  }

  /**
   * {@return what the fiber is doing} Seen from another thread than that which runs the runtime,
   * only the three states after the end are certain.
   */
  public State state() {
    return STATES[core.status()];
  }

  /** {@return whether it has ended: by returning, by throwing or because it was cancelled} */
  public boolean isDone() {
    return core.status() >= FiberCore.SUCCEEDED;
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
   * a {@link CancellationException}. A failure that it gets counts as joined. To cancel the future,
   * or to complete it, does nothing to the fiber, whose failure then is one that nobody has joined.
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
    if (core.statusVolatile() >= FiberCore.SUCCEEDED) {
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
    return core.stackTrace();
  }

  /** The name. */
  @Override
  public String toString() {
    return name();
  }

  // ---- for this package ---------------------------------------------------------------------

  static @Nullable Fiber<?> currentOrNull() {
    return FiberCore.current() instanceof Core current ? current.fiber : null;
  }

  /** Whose half it is. */
  static Fiber<?> of(FiberCore core) {
    return ((Core) core).fiber;
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
            + ". FiberRuntime.launch makes a fiber");
  }

  FiberCore core() {
    return core;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /**
   * Waits in a queue, for as long as it takes.
   *
   * @param given what whoever resumes this gets, if anything
   * @return what this got
   */
  @Nullable Object waitIn(WaiterQueue queue, @Nullable Object given) {
    Waiter place = place(queue, given);
    core.block(place);
    return place.takeResult();
  }

  /** The same, but that a cancellation has to wait. */
  void waitUncancellablyIn(WaiterQueue queue, @Nullable Object given) {
    core.blockUncancellably(place(queue, given));
  }

  private Waiter place(WaiterQueue queue, @Nullable Object given) {
    Waiter own = waiter;
    if (own == null) {
      own = new Waiter(core);
      waiter = own;
    }
    queue.add(own, core.newWait(), given);
    return own;
  }

  /** Its own, for one wait at a time. */
  Alarm alarm() {
    Alarm own = alarm;
    if (own == null) {
      own = scheduler.newAlarm(core);
      alarm = own;
    }
    return own;
  }

  /** Begins an operation that may suspend it. */
  void beginOperation() {
    core.beginOperation();
  }

  String describe() {
    return "the fiber " + name();
  }

  /** What it opened last and hasn't closed. */
  @Nullable Opened innermost() {
    return innermost;
  }

  Map<FiberLocal<?>, @Nullable Object> locals() {
    return locals;
  }

  /** Sets the values of its variables, in a map that nobody changes any more. */
  void setLocals(Map<FiberLocal<?>, @Nullable Object> values) {
    locals = values;
  }

  /** It has opened something, or closed what was in something. */
  void setInnermost(@Nullable Opened opened) {
    innermost = opened;
  }

  private void runBody() {
    T returned;
    try {
      returned = Objects.requireNonNull(body).call();
    } catch (Throwable t) {
      boolean cancelled =
          t instanceof ForcedUnwind || (t instanceof FiberCancelled c && c.isOf(core));
      end(cancelled ? FiberCore.CANCELLED : FiberCore.FAILED, null, cancelled ? null : t);
      return;
    }
    end(FiberCore.SUCCEEDED, returned, null);
  }

  /**
   * Each step of it is tried, whatever becomes of another, or those would wait for ever who are
   * told by it.
   */
  private void end(int outcome, @Nullable T value, @Nullable Throwable thrown) {
    boolean ran = core.status() == FiberCore.RUNNING;
    result = value;
    failure = thrown;
    body = null;
    waiter = null;
    alarm = null;
    Throwable error = null;
    for (int step = 1; step <= END_STEPS; step++) {
      Opened tried = innermost;
      try {
        end(step, outcome, ran);
      } catch (Throwable t) { // no memory, say
        error = error == null ? t : error;
        if (innermost != tried) {
          step--; // there is what that was in
        }
      }
    }
    if (error instanceof Error e) {
      throw e;
    }
    if (error instanceof RuntimeException e) {
      throw e;
    }
  }

  private void end(int step, int outcome, boolean ran) {
    switch (step) {
      case 1 -> {
        while (innermost != null) {
          innermost.abandon();
        }
      }
      case 2 -> {
        scheduler.remove(core);
        core.end(outcome); // then looks for a future: see toCompletableFuture
      }
      case 3 -> {
        if (joiners != null && !joiners.isEmpty()) {
          joiners.resumeAll(null);
          observed = true;
        }
      }
      case 4 -> {
        if (parent != null) {
          parent.accept(this);
        }
      }
      case 5 -> {
        CompletableFuture<T> waiting = future;
        if (waiting != null) {
          complete(waiting);
        }
      }
      case 6 -> {
        if (parent == null && outcome == FiberCore.FAILED) {
          runtime.failed(this, Objects.requireNonNull(failure));
        }
      }
      default -> {
        if (ran) {
          scheduler.ends(core);
        }
      }
    }
  }

  private void complete(CompletableFuture<T> waiting) {
    switch (core.status()) {
      case FiberCore.FAILED -> {
        // Where it is complete, by what it holds: another thread that asks for it may have been
        // first with the failure, or somebody has cancelled it.
        if (waiting.completeExceptionally(Objects.requireNonNull(failure))
            || waiting.handle((value, thrown) -> thrown == failure).join()) {
          observed = true;
        }
      }
      case FiberCore.CANCELLED -> waiting.completeExceptionally(cancellationException());
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
    return new FiberFailedException("the fiber " + name(), Objects.requireNonNull(failure));
  }

  CancellationException cancellationException() {
    return new CancellationException("the fiber " + name() + " was cancelled");
  }

  /** What it returned. For one that has succeeded. */
  T result() {
    return result;
  }
}
