package dev.stackful.fiber;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.EngineUnavailableException;
import dev.stackful.internal.engine.Bindings;
import dev.stackful.internal.engine.Headroom;
import dev.stackful.internal.engine.Settings;
import dev.stackful.internal.engine.StackRequest;
import dev.stackful.internal.fiber.Choices;
import dev.stackful.internal.fiber.ChromeTrace;
import dev.stackful.internal.fiber.Clock;
import dev.stackful.internal.fiber.FiberCore;
import dev.stackful.internal.fiber.Scheduler;
import dev.stackful.internal.fiber.SplitMix64;
import dev.stackful.internal.fiber.TurnWatch;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs fibers, one at a time, on the thread that calls {@link #run}.
 *
 * {@snippet class="dev.stackful.examples.snippets.Fibers" region="fibers"}
 *
 * <h2>The schedule</h2>
 *
 * A fiber runs until it suspends itself; then the next one goes on. Ready fibers take turns first
 * in, first out: a fiber that {@linkplain Fiber#yieldNow yields} goes to the end of the queue, and
 * so do one that was spawned and one whose wait is over. Timers of the same deadline fire in the
 * order in which they were set. The same program takes the same course each time, on every engine,
 * as long as it gets nothing from other threads and does not ask for the real time.
 *
 * <p>{@linkplain Builder#depthFirst Depth first}, they take turns last in, first out: what a tree
 * of fibers wants, each of which spawns others and joins them.
 *
 * <p>With a {@linkplain Builder#seed seed}, the fiber that goes on is chosen by chance among those
 * that are ready, the same way for the same seed: to find code that relies on an order.
 *
 * <h2>Confinement</h2>
 *
 * One thread at a time runs a runtime, not always the same. Two runtimes may run on two threads,
 * and a fiber may run another runtime: its own stands still meanwhile. Other threads may
 * {@linkplain #launch make} fibers, {@linkplain Fiber#cancel cancel} them and complete what they
 * {@linkplain Fiber#await await}, also while {@code run} waits; all else is for fibers only.
 *
 * <h2>Steps</h2>
 *
 * A game loop or a test may run the fibers in steps, by {@link #runRound}, {@link #runReady} and
 * {@link #runFor}; what they return tells what is left to do.
 *
 * <h2>Failures</h2>
 *
 * A failure that nobody waits for is logged at once, or told to a {@linkplain Builder#onFailure
 * handler}; the other fibers go on, or are {@linkplain Builder#cancelOnFailure cancelled}. When the
 * last fiber has ended, the call that ran it throws the failures that nobody has joined: the first
 * as a {@link FiberFailedException}, the others as {@linkplain Throwable#getSuppressed()
 * suppressed} by it. So does {@link #close}.
 *
 * <p>A runtime that is dropped while it has suspended fibers keeps them, and their stacks, for
 * ever. Close it, or use {@code try}-with-resources.
 *
 * @since 0.1.0
 */
public final class FiberRuntime implements AutoCloseable {

  /** What is left to do after a step. */
  public enum Progress {
    /** Some fiber is ready: the next step will have something to do. */
    READY,
    /** All fibers wait: for a time, for each other, or for something from outside. */
    WAITING,
    /** No fiber is left. */
    DONE
  }

  /** How often {@code close} cancels fibers that go on waiting, before it unwinds them. */
  private static final int MOST_CANCELLATIONS = 100;

  /** How many turns {@code close} gives each fiber between two cancellations. */
  private static final long CLEANUP_TURNS = 10_000;

  /** Counts those without a name. */
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final String name;
  private final Engine engine;
  private final Clock clock;
  private final boolean virtualTime;
  private final Scheduler scheduler;
  private final Failures failures = new Failures();
  private final BiConsumer<? super Fiber<?>, ? super Throwable> failureHandler;
  private final boolean cancelOnFailure;
  private final long mostTurns;
  private final List<ScopedValue<?>> scopedValues;

  /** The number of the last channel without a name, and so on. */
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();

  /** The open ways in and out for other threads. */
  private final Set<ChannelEndpoint<?>> endpoints = ConcurrentHashMap.newKeySet();

  private final @Nullable ChromeTrace trace;
  private final AtomicReference<@Nullable Thread> runner = new AtomicReference<>();
  private volatile boolean closed;

  private FiberRuntime(Builder builder) {
    this.name = builder.name == null ? "fibers-" + NUMBERS.incrementAndGet() : builder.name;
    this.failureHandler = builder.failureHandler;
    this.cancelOnFailure = builder.cancelOnFailure;
    this.engine = (builder.engine == null ? Engine.preferred() : builder.engine).requireAvailable();
    Coroutine.Builder coroutines = Coroutine.builder().engine(engine);
    if (builder.stackSizeBytes != 0) {
      coroutines.stackSize(builder.stackSizeBytes);
    }
    FiberClock time = builder.clock == null ? FiberClock.system() : builder.clock;
    this.virtualTime = time instanceof VirtualClock;
    this.clock = new Clock(time::nanoTime, time::parkUntil);
    String traced = builder.name == null ? "fibers" : builder.name; // the same each time
    this.trace = builder.trace == null ? null : new ChromeTrace(builder.trace, traced, clock);
    Duration longest = builder.longestTurn == null ? watchdogPeriod() : builder.longestTurn;
    TurnWatch watch = longest == null ? null : new TurnWatch(toString(), longest, Log::longTurn);
    Choices explored = builder.choices;
    Choices choices =
        explored == null ? new SplitMix64(builder.seed == null ? 0 : builder.seed) : explored;
    boolean exploring = explored != null;
    this.mostTurns = builder.mostTurns;
    this.scopedValues = builder.scopedValues;
    this.scheduler =
        new Scheduler(
            coroutines, clock, choices, order(builder, exploring), exploring, trace, watch);
  }

  private static Scheduler.Order order(Builder builder, boolean exploring) {
    if (exploring || builder.seed != null) {
      return Scheduler.Order.CHOSEN;
    }
    return builder.depthFirst
        ? Scheduler.Order.LAST_IN_FIRST_OUT
        : Scheduler.Order.FIRST_IN_FIRST_OUT;
  }

  /** Null if the watchdog is off. */
  private static @Nullable Duration watchdogPeriod() {
    try {
      long nanos = Settings.watchdogNanos();
      return nanos == 0 ? null : Duration.ofNanos(nanos);
    } catch (IllegalArgumentException e) {
      return null; // which the watchdog logs
    }
  }

  /** {@return a runtime on the preferred engine, with the real clock} */
  public static FiberRuntime create() {
    return builder().build();
  }

  /** {@return a builder, for another engine, a virtual clock, a seed and more} */
  public static Builder builder() {
    return new Builder();
  }

  // ---- spawning -----------------------------------------------------------------------------

  /**
   * Makes a fiber without a result, which is ready. Any thread may call this, at any time until the
   * runtime is closed: also before {@code run} and after it has returned, for the next {@code run}.
   *
   * @param body what it runs
   * @return the fiber; {@link Fiber.State#NEW}
   * @throws IllegalStateException if the runtime is closed
   */
  public Fiber<@Nullable Void> launch(Runnable body) {
    return spawn(null, callable(body), null);
  }

  /**
   * Makes a fiber with a name and without a result; for the rest see {@link #launch(Runnable)}.
   *
   * @param name what dumps, messages and traces call it; any text
   * @param body what it runs
   * @return the fiber
   * @throws IllegalStateException if the runtime is closed
   */
  public Fiber<@Nullable Void> launch(String name, Runnable body) {
    return spawn(Objects.requireNonNull(name, "name"), callable(body), null);
  }

  /**
   * Makes a fiber with a result, which may also throw checked exceptions; for the rest see {@link
   * #launch(Runnable)}.
   *
   * @apiNote It has a name of its own because compilers choose between a {@code Runnable} and a
   *     {@code Callable} for the same lambda differently: Kotlin would take the one that loses the
   *     result.
   * @param <T> what it returns
   * @param body what it runs
   * @return the fiber
   * @throws IllegalStateException if the runtime is closed
   */
  public <T extends @Nullable Object> Fiber<T> spawn(Callable<? extends T> body) {
    Objects.requireNonNull(body, "body");
    return spawn(null, body, null);
  }

  /**
   * Makes a fiber with a name and a result; for the rest see {@link #spawn(Callable)}.
   *
   * @param <T> what it returns
   * @param name what dumps, messages and traces call it; any text
   * @param body what it runs
   * @return the fiber
   * @throws IllegalStateException if the runtime is closed
   */
  public <T extends @Nullable Object> Fiber<T> spawn(String name, Callable<? extends T> body) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    return spawn(name, body, null);
  }

  static Callable<@Nullable Void> callable(Runnable body) {
    Objects.requireNonNull(body, "body");
    return () -> {
      body.run();
      return null;
    };
  }

  /**
   * Makes a fiber.
   *
   * @param parent who is told of its end; null for this runtime, which is told if it fails
   */
  <T extends @Nullable Object> Fiber<T> spawn(
      @Nullable String fiberName,
      Callable<? extends T> body,
      @Nullable Consumer<? super Fiber<?>> parent) {
    Fiber<?> caller = Fiber.currentOrNull();
    FiberCore by = caller != null && caller.runtime() == this ? caller.core() : null;
    Headroom.ensure(); // for the caller can cancel then what it has made
    if (closed && by == null) {
      throw isClosed("spawn a fiber in");
    }
    Fiber<T> fiber = new Fiber<>(this, scheduler, fiberName, inherit(body), parent, caller);
    if (by != null) {
      scheduler.add(fiber.core(), by);
    } else if (!scheduler.tell(() -> scheduler.add(fiber.core(), null))) {
      throw isClosed("spawn a fiber in");
    }
    return fiber;
  }

  /** The body with the scoped values that are bound here and that fibers inherit. */
  private <T extends @Nullable Object> Callable<? extends T> inherit(Callable<? extends T> body) {
    ScopedValue.Carrier bound = Bindings.of(scopedValues);
    return bound == null ? body : () -> bound.call(body::call);
  }

  /** A fiber has failed, which belongs to nobody else. Called when it has ended. */
  void failed(Fiber<?> fiber, Throwable thrown) {
    failures.add(fiber);
    if (fiber.isObserved()) {
      return;
    }
    try {
      failureHandler.accept(fiber, thrown);
    } catch (Throwable t) {
      Log.handlerThrew(fiber, t);
    }
    if (cancelOnFailure) {
      scheduler.cancelAll();
    }
  }

  /** How many failures are kept. */
  int failureCount() {
    return failures.size();
  }

  /** The calling fiber, if it is this runtime's and that is seen at once; null says nothing. */
  @Nullable Fiber<?> currentIfKnown() {
    FiberCore known = scheduler.currentIfKnown();
    return known == null ? null : Fiber.of(known);
  }

  /** The next number for what has no name. */
  int nextNumber(String kind) {
    return numbers.merge(kind, 1, Integer::sum);
  }

  /**
   * A way for other threads to send to a channel and to receive from it. The channel is this
   * runtime's from now on, and may be used by its fibers already. Any thread may call this.
   *
   * <p>While an endpoint is open, another thread may always send or receive. So fibers that wait
   * are no {@linkplain FiberDeadlockException deadlock}, and {@link #run} waits with them. Close
   * it.
   *
   * @param <T> what passes through the channel
   * @param channel of this runtime, or not used yet
   * @return the endpoint, which is open
   * @throws IllegalStateException if the channel belongs to another runtime, or this is closed
   */
  public <T extends @Nullable Object> ChannelEndpoint<T> endpoint(Channel<T> channel) {
    Objects.requireNonNull(channel, "channel");
    channel.own(this);
    ChannelEndpoint<T> endpoint = new ChannelEndpoint<>(this, scheduler, channel);
    endpoints.add(endpoint);
    if (!endpoint.open()) {
      endpoints.remove(endpoint);
      throw isClosed("open an endpoint in");
    }
    return endpoint;
  }

  void forget(ChannelEndpoint<?> endpoint) {
    endpoints.remove(endpoint);
  }

  /**
   * {@return an executor that spawns a fiber for each task} Any thread may use it. When the runtime
   * is closed, it rejects tasks.
   */
  public Executor asExecutor() {
    return task -> {
      try {
        launch(task);
      } catch (IllegalStateException e) {
        throw new RejectedExecutionException(e.getMessage(), e);
      }
    };
  }

  // ---- running ------------------------------------------------------------------------------

  /**
   * Runs the fibers on the calling thread until all have ended, those that they spawn meanwhile
   * included. Where none is ready, the thread is parked until the next timer is due or something
   * comes from outside. It may be called again after it has returned or thrown.
   *
   * @throws FiberFailedException if a fiber failed and nobody joined it
   * @throws FiberDeadlockException if all fibers wait, and no timer is set and no stage awaited
   * @throws InterruptedException if the thread is interrupted while it waits; the fibers are as
   *     they were
   * @throws IllegalStateException if the runtime is closed, or a thread is running it already,
   *     which may be the caller
   */
  public void run() throws InterruptedException {
    claim("run");
    try {
      while (true) {
        scheduler.runReady(mostTurns, Clock.NEVER);
        if (scheduler.isDone()) {
          break;
        }
        refuseMoreTurns();
        if (scheduler.isStuck()) {
          throw FiberDeadlockException.of(toString(), live());
        }
        park(Clock.NEVER);
      }
      failures.throwUnjoined();
    } finally {
      release();
    }
  }

  /**
   * Gives one turn to each fiber that is ready now, and does not wait. What becomes ready meanwhile
   * has its turn in the next round. A fiber whose timer is due is ready; a virtual clock stands
   * still, and {@link #runFor} moves it.
   *
   * @return what is left
   * @throws FiberFailedException if the last fiber has ended, and one failed that nobody joined
   * @throws IllegalStateException as {@link #run}
   */
  public Progress runRound() {
    claim("run");
    try {
      scheduler.poll();
      scheduler.runReady(scheduler.queueLength(), Clock.NEVER);
      return progress();
    } finally {
      release();
    }
  }

  /**
   * Runs fibers until none is ready, or until a time has passed, and does not wait. A turn is not
   * cut short: the bound is looked at between turns. A virtual clock stands still.
   *
   * @param atMost the bound, in the clock's time; zero runs no fiber, and only tells what is left
   * @return what is left
   * @throws FiberFailedException if the last fiber has ended, and one failed that nobody joined
   * @throws IllegalArgumentException if the duration is negative
   * @throws IllegalStateException as {@link #run}
   */
  public Progress runReady(Duration atMost) {
    Durations.check(atMost, "atMost");
    claim("run");
    try {
      scheduler.runReady(mostTurns, clock.deadline(atMost));
      if (!atMost.isZero()) {
        refuseMoreTurns();
      }
      return progress();
    } finally {
      release();
    }
  }

  /**
   * Runs fibers, and waits where none is ready, until so much of the clock's time has passed or no
   * fiber is left. A virtual clock has moved by the duration then, also if the last fiber ended
   * earlier, and stands between what was due until then, inclusive, and what is due later. Fibers
   * that can't be woken any more are no error here.
   *
   * @param duration of the clock's time
   * @return what is left
   * @throws FiberFailedException if the last fiber has ended, and one failed that nobody joined
   * @throws InterruptedException if the thread is interrupted while it waits
   * @throws IllegalArgumentException if the duration is negative
   * @throws IllegalStateException as {@link #run}
   */
  public Progress runFor(Duration duration) throws InterruptedException {
    Durations.check(duration, "duration");
    claim("run");
    try {
      long deadline = clock.deadline(duration);
      while (true) {
        // Virtual time stands still meanwhile: all that is due gets done.
        scheduler.runReady(mostTurns, virtualTime ? Clock.NEVER : deadline);
        refuseMoreTurns();
        if (scheduler.isDone()) {
          if (virtualTime) {
            clock.parkUntil(deadline);
          }
          return progress();
        }
        if (clock.nanoTime() < deadline) {
          park(deadline);
        } else {
          scheduler.poll();
          if (!virtualTime || !scheduler.hasReady()) {
            return progress();
          }
        }
      }
    } finally {
      release();
    }
  }

  /** Where turns are bounded, time stands still: who is ready after them all would be for ever. */
  private void refuseMoreTurns() {
    if (mostTurns != Long.MAX_VALUE && scheduler.hasReady()) {
      throw new IllegalStateException(
          "the fibers of " + this + " have not ended after " + mostTurns + " turns");
    }
  }

  private void park(long untilNanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("the thread that runs " + this + " was interrupted");
    }
    scheduler.park(untilNanos);
  }

  private Progress progress() {
    scheduler.poll();
    if (scheduler.isDone()) {
      failures.throwUnjoined();
      return Progress.DONE;
    }
    return scheduler.hasReady() ? Progress.READY : Progress.WAITING;
  }

  /**
   * {@return how much of the clock's time has passed since the runtime was made} For fibers, and
   * for whoever runs the runtime.
   */
  public Duration now() {
    return clock.sinceStart(clock.nanoTime());
  }

  /**
   * {@return the name that the builder was given, or {@code fibers-} and a number that no other
   * runtime of the program has}
   */
  public String name() {
    return name;
  }

  /** {@return the engine that the fibers run on} */
  public Engine engine() {
    return engine;
  }

  /**
   * Ends all fibers, here and now. Those that are left are cancelled and run until they have ended.
   * One that waits for something while it cleans up is cancelled again: this never waits, nor does
   * a sleep last. What has not ended after {@value #MOST_CANCELLATIONS} cancellations is unwound by
   * {@link Coroutine#close()}. On a runtime that is closed already it does nothing.
   *
   * <p>Fibers that never began are logged, at {@link System.Logger.Level#WARNING WARNING}: somebody
   * may have forgotten to {@link #run}.
   *
   * <p>If the fibers are traced, it ends the trace and flushes it.
   *
   * @throws FiberFailedException if a fiber failed, now or earlier, and nobody joined it
   * @throws IllegalStateException if a thread is running the runtime, which may be the caller; or
   *     if a fiber could not be ended, which is still suspended then
   * @throws UncheckedIOException if the trace could not be written
   */
  @Override
  public void close() {
    if (closed && runner.get() == null) {
      return;
    }
    claim("close");
    boolean ended = false;
    try {
      closed = true;
      scheduler.poll();
      Log.neverBegan(
          this, live().stream().filter(fiber -> fiber.state() == Fiber.State.NEW).toList());
      for (int i = 0; i < MOST_CANCELLATIONS && !scheduler.isDone(); i++) {
        List<FiberCore> left = scheduler.live();
        for (FiberCore fiber : left) {
          if (i == 0 || fiber.status() == FiberCore.WAITING) {
            fiber.cancel();
          }
        }
        scheduler.runReady(CLEANUP_TURNS * left.size(), Clock.NEVER);
      }
      IllegalStateException refusal = unwindTheRest();
      scheduler.closeInbound();
      ended = true;
      endpoints.forEach(ChannelEndpoint::abandon);
      scheduler.live().stream()
          .filter(fiber -> fiber.status() == FiberCore.NEW)
          .forEach(FiberCore::cancel);
      try {
        throwUnjoinedWith(refusal);
      } catch (RuntimeException e) {
        closeTrace(e);
        throw e;
      }
      closeTrace(null);
    } finally {
      if (!ended) {
        closed = false; // too little of the stack was left, say: it may be tried again
      }
      release();
    }
  }

  private void throwUnjoinedWith(@Nullable IllegalStateException refusal) {
    try {
      failures.throwUnjoined();
    } catch (FiberFailedException e) {
      if (refusal != null) {
        e.addSuppressed(refusal);
      }
      throw e;
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  private void closeTrace(@Nullable RuntimeException thrownAlready) {
    if (trace != null) {
      try {
        trace.close();
      } catch (UncheckedIOException e) {
        if (thrownAlready == null) {
          throw e;
        }
        thrownAlready.addSuppressed(e);
      }
    }
  }

  private @Nullable IllegalStateException unwindTheRest() {
    IllegalStateException refusal = null;
    for (FiberCore fiber : scheduler.live()) {
      try {
        scheduler.unwind(fiber);
      } catch (IllegalStateException e) {
        var refused = new IllegalStateException("the fiber " + fiber.name() + " can't be ended", e);
        if (refusal == null) {
          refusal = refused;
        } else {
          refusal.addSuppressed(refused);
        }
      }
    }
    return refusal;
  }

  /** The fibers that haven't ended, in the order in which they were spawned. */
  private List<Fiber<?>> live() {
    return scheduler.live().stream().<Fiber<?>>map(Fiber::of).toList();
  }

  /** Those that were never run, if all that are left are; for whoever could run the runtime now. */
  List<Fiber<?>> forgotten() {
    if (closed) {
      return List.of();
    }
    claim("look at");
    try {
      scheduler.poll();
      List<Fiber<?>> left = live();
      return left.stream().allMatch(fiber -> fiber.state() == Fiber.State.NEW) ? left : List.of();
    } finally {
      release();
    }
  }

  private void claim(String verb) {
    Thread caller = Thread.currentThread();
    if (!runner.compareAndSet(null, caller)) {
      Fiber<?> fiber = Fiber.currentOrNull();
      Thread running = runner.get();
      String by =
          fiber != null && fiber.runtime() == this
              ? "it runs " + fiber.describe() + ", which calls"
              : "the thread "
                  + (running == null ? "that has just ended" : running.getName())
                  + " is running it";
      throw new IllegalStateException("cannot " + verb + " " + this + ": " + by);
    }
    if (closed) {
      runner.set(null);
      throw isClosed(verb);
    }
  }

  private void release() {
    runner.set(null);
  }

  private IllegalStateException isClosed(String verb) {
    return new IllegalStateException("cannot " + verb + " " + this + ": it is closed");
  }

  /** The name, for people. */
  @Override
  public String toString() {
    return "FiberRuntime[" + name + "]";
  }

  /** Settings for runtimes. A builder is used by one thread at a time. */
  public static final class Builder {
    private @Nullable Engine engine;
    private long stackSizeBytes;
    private @Nullable FiberClock clock;
    private @Nullable Long seed;
    private @Nullable String name;
    private @Nullable Duration longestTurn;
    private BiConsumer<? super Fiber<?>, ? super Throwable> failureHandler = Log::failed;
    private boolean cancelOnFailure;
    private @Nullable Writer trace;
    private @Nullable Choices choices;
    private long mostTurns = Long.MAX_VALUE;
    private boolean depthFirst;
    private List<ScopedValue<?>> scopedValues = List.of();

    private Builder() {}

    /**
     * Chooses the engine; without it, {@link Engine#preferred()}.
     *
     * @param engine one that {@link Engine#isAvailable()}; {@code build} refuses others
     * @return this builder
     */
    public Builder engine(Engine engine) {
      this.engine = Objects.requireNonNull(engine, "engine");
      return this;
    }

    /**
     * Chooses the size of each fiber's stack; for what it means see {@link
     * Coroutine.Builder#stackSize(long)}.
     *
     * @param bytes from 1 to 1 GiB (2<sup>30</sup>)
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder stackSize(long bytes) {
      this.stackSizeBytes = StackRequest.checkStackSize(bytes);
      return this;
    }

    /**
     * Chooses the clock; without it, {@link FiberClock#system()}.
     *
     * @param clock one that no other runtime has
     * @return this builder
     */
    public Builder clock(FiberClock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Asks for a random order, the same for each seed. Selects choose by it, too. {@code build}
     * refuses it together with {@link #depthFirst}.
     *
     * @param seed any number
     * @return this builder
     */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Has ready fibers take turns last in, first out, for trees of fibers that spawn others and
     * join them. First in, first out, such a tree is begun level by level: when its leaves begin,
     * all others wait, each on a stack of its own. Depth first, one branch is finished before the
     * next begins, on few stacks, which makes it several times as fast and lets it be as large as
     * the heap allows.
     *
     * <p>A fiber that was spawned, and one whose wait is over, goes on as soon as the fiber that
     * has control suspends or ends, before all that were ready earlier; of several, the latest goes
     * first. One that {@linkplain Fiber#yieldNow yields} goes on after all others that are ready.
     * So fibers that go on waking each other keep the others from their turns for as long as they
     * do; have one of them yield, or leave this out. The same program still takes the same course
     * each time.
     *
     * <p>It holds in {@link FiberRuntime#run}, {@link FiberRuntime#runReady} and {@link
     * FiberRuntime#runFor}. A {@linkplain FiberRuntime#runRound round} stays one turn for each
     * fiber that is ready, first in, first out.
     *
     * @return this builder
     * @since 0.1.0
     */
    public Builder depthFirst() {
      this.depthFirst = true;
      return this;
    }

    /**
     * Chooses the name, for messages and traces. Without it, messages tell runtimes apart by a
     * number.
     *
     * @param name any text
     * @return this builder
     */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Chooses a handler that is told, at once, of each fiber that fails while nobody waits for it:
     * no fiber is in a {@link Fiber#join join} of it, it is in no {@link FiberScope}, and nobody
     * has its {@linkplain Fiber#toCompletableFuture() future}. Without it, the failure is logged,
     * at {@link System.Logger.Level#ERROR ERROR} by the logger {@code dev.stackful.fiber}.
     *
     * <p>The handler is called on the fiber's stack when the fiber has ended; it can't suspend it.
     * What it throws is logged. It decides nothing: as always, a failure that nobody has joined
     * comes out of {@code run} when the last fiber has ended.
     *
     * @param handler gets the fiber and what it threw
     * @return this builder
     */
    public Builder onFailure(BiConsumer<? super Fiber<?>, ? super Throwable> handler) {
      this.failureHandler = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /**
     * Has a failure that nobody waits for, as {@link #onFailure} tells, cancel all other fibers, so
     * that {@code run} throws it when they have cleaned up. What they spawn meanwhile is not
     * cancelled. Without this they go on, and {@code run} throws it when the last has ended.
     *
     * @return this builder
     */
    public Builder cancelOnFailure() {
      this.cancelOnFailure = true;
      return this;
    }

    /**
     * Has fibers inherit scoped values: in a fiber's body they are bound as they are where it is
     * spawned, whoever spawns it. Other scoped values are not bound in it. The last call counts.
     *
     * @param values whose bindings are inherited
     * @return this builder
     * @throws IllegalArgumentException if one is there twice
     */
    public Builder scopedValues(ScopedValue<?>... values) {
      this.scopedValues = Bindings.listed(values);
      return this;
    }

    /**
     * Has a turn that lasts longer than a time logged, at {@link System.Logger.Level#WARNING
     * WARNING}, with the fiber's name and stack, and with the lock that it waits for. A fiber that
     * blocks its thread stops the others; one that waits for a lock which another fiber of the
     * runtime holds stops them for ever, and the report says so. Without this no turn is watched,
     * unless the {@linkplain dev.stackful watchdog} is on: then the time is the watchdog's. Locks
     * are told of platform threads only, and if there is the module {@code java.management}.
     *
     * @param longest more than zero
     * @return this builder
     * @throws IllegalArgumentException if the duration is negative or zero
     */
    public Builder watchTurns(Duration longest) {
      if (Durations.check(longest, "longest").isZero()) {
        throw new IllegalArgumentException("a turn must be allowed to last for more than zero");
      }
      this.longestTurn = longest;
      return this;
    }

    /**
     * Has the runtime write which fiber ran when, in Chrome's trace-event format, which Perfetto
     * and chrome://tracing open: JSON, a track for each fiber, a slice for each of its turns, with
     * the reason why the turn ended. {@link FiberRuntime#close} ends the text and flushes the
     * writer, but does not close it. With a {@linkplain FiberClock#virtual() virtual clock}, turns
     * that begin at the same time are set one nanosecond apart.
     *
     * @param out where to; buffered, best
     * @return this builder
     */
    public Builder trace(Writer out) {
      this.trace = Objects.requireNonNull(out, "out");
      return this;
    }

    /** Has somebody decide all that could go one way or another, in at most so many turns. */
    Builder explore(Choices choices, long mostTurns) {
      this.choices = choices;
      this.mostTurns = mostTurns;
      return this;
    }

    /**
     * Makes a runtime with these settings.
     *
     * @return a runtime without fibers
     * @throws EngineUnavailableException if the engine isn't available; the message says why
     * @throws IllegalStateException if it has both a seed and depth first, which are two orders
     */
    public FiberRuntime build() {
      if (depthFirst && seed != null) {
        throw new IllegalStateException(
            "a seed asks for a random order, and depthFirst for another: leave one of them out");
      }
      return new FiberRuntime(this);
    }
  }
}
