package dev.stackful.fiber;

import dev.stackful.Coroutine;
import dev.stackful.CoroutineLimitException;
import dev.stackful.ForcedUnwind;
import dev.stackful.internal.engine.Headroom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides who runs: the inner half of a {@link FiberRuntime}, which its fibers hold.
 *
 * <h2>How control goes</h2>
 *
 * Each fiber is a coroutine. The thread that runs the runtime, the <em>root</em>, resumes the first
 * one. A fiber that suspends takes the next one out of the ready queue by itself and transfers to
 * it, so that from fiber to fiber is one switch. Control comes back to the root only when a fiber
 * ends, when none is ready, or when the bound of a step is reached.
 *
 * <h2>Who may touch what</h2>
 *
 * All fields are plain, and belong to whoever has control: the fiber that runs, or the root. A
 * switch orders what is done before it and after it, on every engine. Other threads come in by
 * {@link Inbound} only. The root is one thread at a time, by a claim in {@link FiberRuntime}.
 */
final class Scheduler {
  /**
   * How many switches may pass before the clock is read, while there are timers: reading it costs
   * as much as a switch.
   */
  private static final int CLOCK_INTERVAL = 16;

  private static final long LAST_DEADLINE = Long.MAX_VALUE - 1;

  final FiberRuntime runtime;
  final TimerQueue timers = new TimerQueue();
  final Inbound inbound = new Inbound();
  final FiberClock clock;

  /** What selects take for chance, and with a seed, the order of the ready fibers. */
  final SplitMix64 random;

  final @Nullable ChromeTrace trace;

  /** How many fibers await a stage. */
  int awaiting;

  /** The fibers that failed and nobody joined. */
  final LinkedHashSet<Fiber<?>> failures = new LinkedHashSet<>();

  /** How many failures there may be before those that somebody has joined since are dropped. */
  private int mostFailures = 64;

  private final AtomicLong fiberNumbers = new AtomicLong();
  private final Coroutine.Builder coroutines;
  private final ReadyQueue ready = new ReadyQueue();
  private final boolean randomOrder;
  private final long startNanos;
  private int channelNumber;

  /**
   * The first and last of all fibers that haven't ended, in the order in which they were spawned.
   */
  private @Nullable Fiber<?> firstLive;

  private @Nullable Fiber<?> lastLive;
  private int live;

  /** How many fibers may still get a turn before the root gets control. */
  private long turnsLeft;

  /** When the root gets control; the largest long for never. */
  private long stopNanos;

  int untilClock;

  /**
   * An error came out of an operation that it may have left half done: the queue may not be what
   * the fibers' states say. Whoever catches it sets this, and {@link #untilClock} to 0, by
   * themselves: a stack that has overflowed may have no room for a call.
   */
  boolean disturbed;

  Scheduler(
      FiberRuntime runtime,
      Coroutine.Builder coroutines,
      FiberClock clock,
      @Nullable Long seed,
      @Nullable ChromeTrace trace) {
    this.runtime = runtime;
    this.coroutines = coroutines;
    this.clock = clock;
    this.randomOrder = seed != null;
    this.random = new SplitMix64(seed == null ? 0 : seed);
    this.trace = trace;
    this.startNanos = clock.nanoTime();
    if (trace != null) {
      trace.start(this);
    }
  }

  // ---- for the root -------------------------------------------------------------------------

  /**
   * Gives turns to ready fibers until none is ready or the bound is reached.
   *
   * @param turns how many turns
   * @param untilNanos the clock's time; the largest long for any
   */
  void runReady(long turns, long untilNanos) {
    turnsLeft = turns;
    stopNanos = untilNanos;
    untilClock = 0;
    Fiber<?> next;
    while ((next = next()) != null) {
      try {
        coroutineOf(next).resume(null);
      } catch (CoroutineLimitException e) {
        next.fail(e);
      } catch (Throwable t) {
        disturbed = true; // the next one is in the queue no more, and may not have had its turn
        throw t;
      }
    }
  }

  /** How many are ready. What came from outside and due timers are among them. */
  int pollReady() {
    if (!inbound.isEmpty()) {
      inbound.drain();
    }
    if (!timers.isEmpty()) {
      fireDue(clock.nanoTime());
    }
    return ready.size();
  }

  /** Whether no fiber is left and none is on its way in. */
  boolean isDone() {
    return live == 0 && inbound.isEmpty();
  }

  /** Whether nothing will ever wake a fiber, as far as can be told. */
  boolean isStuck() {
    return timers.isEmpty() && awaiting == 0 && inbound.isEmpty() && ready.isEmpty();
  }

  /**
   * Waits for a timer, for something from outside, or for the given time.
   *
   * @throws InterruptedException if the thread was interrupted before or meanwhile
   */
  void park(long untilNanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("the thread that runs " + runtime + " was interrupted");
    }
    inbound.park(clock, Math.min(timers.earliestNanos(), untilNanos));
  }

  /** The fibers that haven't ended, in the order in which they were spawned. */
  List<Fiber<?>> live() {
    List<Fiber<?>> fibers = new ArrayList<>(live);
    for (Fiber<?> fiber = firstLive; fiber != null; fiber = fiber.nextLive) {
      fibers.add(fiber);
    }
    return fibers;
  }

  /**
   * Unwinds a fiber that won't end otherwise: while it has control, whatever it waits in throws
   * {@link ForcedUnwind}.
   */
  void unwind(Fiber<?> fiber) {
    if (fiber.isDone()) {
      return; // it has not begun, and one that was unwound has cancelled it
    }
    turnsLeft = 0; // or it would transfer to another
    Coroutine<@Nullable Void, @Nullable Void> coroutine = fiber.coroutine;
    if (coroutine == null) {
      fiber.endCancelled();
    } else {
      coroutine.close();
    }
  }

  // ---- for fibers ---------------------------------------------------------------------------

  void yieldNow(Fiber<?> me) {
    if (me.cancelPending) {
      throw me.cancelled();
    }
    try {
      me.status = Fiber.READY;
      ready.add(me);
      switchFrom(me, null);
    } catch (Throwable t) {
      me.status = Fiber.RUNNING;
      disturbed = true;
      untilClock = 0;
      throw t;
    }
    if (me.cancelPending) {
      throw me.cancelled();
    }
  }

  /**
   * Has a fiber wait until somebody {@linkplain #wake wakes} it. Before, it has looked whether it
   * is cancelled, and made known where it waits.
   *
   * @throws FiberCancelled if it was cancelled instead
   */
  void block(Fiber<?> me, Blocker blocker) {
    me.cancellable = true;
    blockUncancellably(me, blocker);
    if (!me.woken) {
      throw me.cancelled();
    }
  }

  /** The same, but that a cancellation has to wait. */
  void blockUncancellably(Fiber<?> me, Blocker blocker) {
    me.woken = false;
    me.blocker = blocker;
    me.status = Fiber.WAITING;
    try {
      switchFrom(me, blocker);
    } catch (Throwable t) {
      me.status = Fiber.RUNNING;
      disturbed = true;
      untilClock = 0;
      me.blocker = null;
      me.cancellable = false;
      blocker.withdraw(me);
      throw t;
    }
    me.blocker = null;
    me.cancellable = false;
  }

  /** What a fiber waited for has come. */
  void wake(Fiber<?> fiber) {
    if (fiber.status != Fiber.WAITING) {
      return; // what it waited for once, before an error ended the wait
    }
    fiber.woken = true;
    makeReady(fiber);
  }

  /** If this throws, the caller calls it a disturbance. */
  private void makeReady(Fiber<?> fiber) {
    fiber.status = Fiber.READY;
    ready.add(fiber);
  }

  /**
   * Hands control to the next ready fiber, or to the root, and returns when this one has it again.
   *
   * @param blocker what it waits for; null if it is in the ready queue
   */
  private void switchFrom(Fiber<?> me, @Nullable Blocker blocker) {
    if (trace != null) {
      trace.ends(me, blocker == null ? "yield" : blocker.describe());
    }
    Fiber<?> next;
    while ((next = next()) != me) {
      try {
        if (next == null) {
          me.self.yield(null);
        } else {
          me.self.transferTo(coroutineOf(next), null);
        }
        break;
      } catch (CoroutineLimitException e) {
        next.fail(e); // it is new, and there is no stack for it
      }
    }
    me.status = Fiber.RUNNING;
    if (trace != null) {
      trace.begins(me);
    }
  }

  /** Who goes on; null if it is the root. */
  private @Nullable Fiber<?> next() {
    if (!inbound.isEmpty()) {
      Headroom.ensure();
      inbound.drain();
    }
    if (--untilClock <= 0) {
      readClock();
    }
    Fiber<?> next;
    do {
      if (turnsLeft <= 0) {
        return null;
      }
      turnsLeft--;
      next = randomOrder ? ready.pollRandom(random, turnsLeft + 1) : ready.poll();
    } while (next != null && next.isDone()); // cancelled before it began
    return next;
  }

  private void readClock() {
    if (disturbed) {
      mend();
    }
    boolean bounded = stopNanos != Long.MAX_VALUE;
    untilClock = bounded ? 1 : CLOCK_INTERVAL;
    if (bounded || !timers.isEmpty()) {
      long now = clock.nanoTime();
      fireDue(now);
      if (now >= stopNanos) {
        turnsLeft = 0;
      }
    }
  }

  /** Makes the queue hold whoever is ready, once, and whoever was taken out of a wait half-way. */
  private void mend() {
    Headroom.ensure();
    LinkedHashSet<Fiber<?>> all = new LinkedHashSet<>();
    Fiber<?> queued;
    while ((queued = ready.poll()) != null) {
      all.add(queued);
    }
    all.addAll(live());
    for (Fiber<?> fiber : all) {
      Blocker blocker = fiber.blocker;
      if (fiber.status == Fiber.WAITING && blocker != null && !blocker.isSet()) {
        blocker.withdraw(fiber);
        fiber.woken = !(fiber.cancellable && fiber.cancelPending);
        fiber.status = Fiber.READY;
      }
      if (fiber.status == Fiber.READY || fiber.status == Fiber.NEW) {
        ready.add(fiber);
      }
    }
    disturbed = false;
  }

  private void fireDue(long nowNanos) {
    if (timers.earliestNanos() > nowNanos) {
      return;
    }
    Headroom.ensure();
    Timer due;
    while ((due = timers.pollDue(nowNanos)) != null) {
      due.fire();
    }
  }

  private Coroutine<@Nullable Void, @Nullable Void> coroutineOf(Fiber<?> fiber) {
    Coroutine<@Nullable Void, @Nullable Void> coroutine = fiber.coroutine;
    if (coroutine == null) {
      Headroom.ensure();
      coroutine = coroutines.name(fiber.name()).build(fiber.coroutineBody());
      fiber.coroutine = coroutine;
    }
    return coroutine;
  }

  // ---- the fibers' lives --------------------------------------------------------------------

  long nextFiberNumber() {
    return fiberNumbers.incrementAndGet();
  }

  int nextChannelNumber() {
    return ++channelNumber;
  }

  /**
   * Takes a new fiber in.
   *
   * @param by who spawned it; null if it was no fiber of this runtime
   */
  void add(Fiber<?> fiber, @Nullable Fiber<?> by) {
    ready.add(fiber);
    fiber.previousLive = lastLive;
    if (lastLive == null) {
      firstLive = fiber;
    } else {
      lastLive.nextLive = fiber;
    }
    lastLive = fiber;
    live++;
    if (trace != null) {
      trace.spawned(fiber, by);
    }
  }

  /** Keeps a fiber that has failed until the last one has ended, unless somebody joins it. */
  void failed(Fiber<?> fiber) {
    if (failures.size() >= mostFailures) {
      failures.removeIf(Fiber::isObserved);
      mostFailures = Math.max(64, 2 * failures.size());
    }
    failures.add(fiber);
  }

  void remove(Fiber<?> fiber) {
    Fiber<?> before = fiber.previousLive;
    Fiber<?> after = fiber.nextLive;
    if (before == null) {
      firstLive = after;
    } else {
      before.nextLive = after;
    }
    if (after == null) {
      lastLive = before;
    } else {
      after.previousLive = before;
    }
    fiber.previousLive = null;
    fiber.nextLive = null;
    live--;
  }

  void cancel(Fiber<?> fiber) {
    switch (fiber.status) {
      case Fiber.NEW -> fiber.endCancelled();
      case Fiber.WAITING -> {
        fiber.cancelPending = true;
        Blocker blocker = fiber.blocker;
        if (fiber.cancellable && blocker != null) {
          try {
            blocker.withdraw(fiber);
            makeReady(fiber);
          } catch (Throwable t) {
            disturbed = true;
            untilClock = 0;
            throw t;
          }
        }
      }
      case Fiber.READY, Fiber.RUNNING -> fiber.cancelPending = true;
      default -> {
        // it has ended
      }
    }
  }

  /**
   * Has something done by whoever has control: now if that is the caller, else soon.
   *
   * @return false if the runtime is closed
   */
  boolean tell(Runnable action) {
    Fiber<?> caller = Fiber.currentOrNull();
    if (caller != null && caller.scheduler == this) {
      action.run();
      return true;
    }
    return inbound.push(action);
  }

  Duration sinceStart(long nanos) {
    return Duration.ofNanos(nanos - startNanos);
  }

  long sinceStartNanos() {
    return clock.nanoTime() - startNanos;
  }

  /** The clock's time that a duration from now ends at. */
  long deadline(Duration duration) {
    long now = clock.nanoTime();
    long deadline = now + TimeUnit.NANOSECONDS.convert(duration);
    // The largest long is no deadline at all.
    return deadline < now ? LAST_DEADLINE : Math.min(deadline, LAST_DEADLINE);
  }

  /** Refuses null and negative ones. */
  static Duration checked(Duration duration, String name) {
    Objects.requireNonNull(duration, name);
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a duration must not be negative: " + duration);
    }
    return duration;
  }
}
