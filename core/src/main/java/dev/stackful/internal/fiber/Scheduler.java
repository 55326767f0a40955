package dev.stackful.internal.fiber;

import dev.stackful.Coroutine;
import dev.stackful.CoroutineLimitException;
import dev.stackful.internal.engine.Headroom;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides who runs.
 *
 * <h2>How control goes</h2>
 *
 * Each fiber is a coroutine. The thread that runs the runtime, the <em>root</em>, resumes the first
 * one. A fiber that suspends finds the next one in the ready queue by itself and transfers to it,
 * so that from fiber to fiber is one switch. Control comes back to the root only when a fiber ends,
 * when none is ready, or when the bound of a step is reached.
 *
 * <p>The first in the ready queue is whose turn it is. It leaves when its turn is over, and not
 * when it begins: so a switch that fails has lost nobody. The queue may hold fibers that are not
 * ready any more; they are passed over.
 *
 * <h2>Who may touch what</h2>
 *
 * As in {@link FiberCore}. Other threads come in by {@link #tell} only. The root is one thread at a
 * time, which is the caller's care.
 */
public final class Scheduler implements FiberCore.Control {
  /** How it is told who goes on. */
  public enum Order {
    /** First in, first out. */
    FIRST_IN_FIRST_OUT,

    /**
     * Last in, first out, but that one which yields goes last. While there is a bound of turns,
     * first in, first out, or some would have none of them.
     */
    LAST_IN_FIRST_OUT,

    /** By choice. */
    CHOSEN
  }

  /**
   * How many switches may pass before the clock is read, while there are timers: reading it costs
   * as much as a switch.
   */
  private static final int CLOCK_INTERVAL = 16;

  static {
    FiberFrames.hide(Scheduler.class);
  }

  private final Coroutine.Builder coroutines;
  private final Clock clock;
  private final Choices choices;
  private final Order order;

  /** Whether a fiber may be made to yield where it begins an operation. */
  private final boolean preempting;

  private final @Nullable ChromeTrace trace;
  private final @Nullable TurnWatch watch;
  private final AtomicLong fiberNumbers = new AtomicLong();
  private final ReadyQueue<FiberCore> ready = new ReadyQueue<>();

  /** The number of a ready fiber, by its place. */
  private final IntToLongFunction numbers;

  private final LiveFibers<FiberCore> live = new LiveFibers<>();
  private final TimerQueue timers = new TimerQueue();
  private final Inbound inbound = new Inbound();

  /** How many fibers wait for something from outside, and how many ways there are for it. */
  private int awaiting;

  /** Whether who becomes ready goes before all that are. */
  private boolean newestFirst;

  /** How many fibers may still get a turn before the root gets control. */
  private long turnsLeft;

  /**
   * Who was to go on in the place of one that has ended, and has had its turn counted: the root
   * gives it that, if its stack could not be left to it. Null once it goes on.
   */
  private @Nullable FiberCore offered;

  /** Whose turn it is, or was last. */
  private @Nullable FiberCore current;

  /** When the root gets control. */
  private long stopNanos;

  /** How many switches may pass before the clock is read. */
  private int untilClock;

  /**
   * Makes one without fibers.
   *
   * @param coroutines what makes them
   * @param choices what selects take for chance
   * @param order how it is told who goes on
   * @param preempting whether it also has fibers yield where they begin an operation
   * @param watch looks for long turns; null for none
   */
  public Scheduler(
      Coroutine.Builder coroutines,
      Clock clock,
      Choices choices,
      Order order,
      boolean preempting,
      @Nullable ChromeTrace trace,
      @Nullable TurnWatch watch) {
    this.coroutines = coroutines;
    this.clock = clock;
    this.choices = choices;
    this.order = order;
    this.preempting = preempting;
    this.numbers = this::numberAt;
    this.trace = trace;
    this.watch = watch;
  }

  // ---- for the root -------------------------------------------------------------------------

  /**
   * Gives turns to ready fibers until none is ready or the bound is reached.
   *
   * @param turns how many turns; {@link Long#MAX_VALUE} for any number
   * @param untilNanos the clock's time; {@link Clock#NEVER} for any
   */
  public void runReady(long turns, long untilNanos) {
    turnsLeft = turns;
    stopNanos = untilNanos;
    untilClock = 0;
    newestFirst = order == Order.LAST_IN_FIRST_OUT && turns == Long.MAX_VALUE;
    if (watch == null) {
      runReady();
      return;
    }
    watch.begin();
    try {
      runReady();
    } finally {
      watch.end();
    }
  }

  private void runReady() {
    try {
      FiberCore next;
      while ((next = nextForRoot()) != null) {
        try {
          next.enter(coroutines);
        } catch (CoroutineLimitException e) {
          failFirst(next, e);
        } catch (VirtualMachineError e) {
          FiberCore first = ready.first(); // another one, where fibers have had turns meanwhile
          if (first == null || !first.couldNotBegin()) {
            throw e;
          }
          failFirst(first, e);
        }
        if (watch != null) {
          watch.turnEnds();
        }
      }
    } finally { // no calls here: the root's stack may have overflowed
      newestFirst = false; // what the root itself makes ready keeps its order
      current = null; // and not kept from the collector
      offered = null; // or it would have a turn that the next run has not counted
    }
  }

  /** Takes in what came from outside, and fires the timers that are due. */
  public void poll() {
    if (!inbound.isEmpty()) {
      inbound.drain();
    }
    if (!timers.isEmpty()) {
      timers.fireDue(clock.nanoTime());
    }
  }

  /** How many turns a round has: no fiber that is ready is missed, and none has two. */
  public int queueLength() {
    return ready.size();
  }

  /** Whether a fiber is ready. */
  public boolean hasReady() {
    return firstReady() != null;
  }

  /** Whether no fiber is left and none is on its way in. */
  public boolean isDone() {
    return live.size() == 0 && inbound.isEmpty();
  }

  /** Whether nothing will ever wake a fiber, as far as can be told. */
  public boolean isStuck() {
    return timers.isEmpty() && awaiting == 0 && inbound.isEmpty() && !hasReady();
  }

  /** Waits for a timer, for something from outside, or for the given time. */
  public void park(long untilNanos) {
    inbound.park(clock, Math.min(timers.earliestNanos(), untilNanos));
  }

  /** The fibers that haven't ended, in the order in which they were spawned. */
  public List<FiberCore> live() {
    return live.list();
  }

  /** Cancels all fibers, or none if there is too little of the stack left. */
  public void cancelAll() {
    Headroom.ensure();
    live.list().forEach(FiberCore::cancel);
  }

  /**
   * Unwinds a fiber that won't end otherwise: while it has control, all that it waits in throws.
   */
  public void unwind(FiberCore fiber) {
    turnsLeft = 0; // or it would transfer to another
    fiber.unwind();
  }

  /** Takes nothing from outside any more, and does what was asked for until now. */
  public void closeInbound() {
    inbound.close();
  }

  // ---- for fibers ---------------------------------------------------------------------------

  @Override
  public long nextFiberNumber() {
    return fiberNumbers.incrementAndGet();
  }

  /**
   * The fiber whose turn it is, if the calling thread is that of its stack: it is told from what is
   * at hand here, while {@link FiberCore#current} goes through the thread and its stack.
   *
   * @return null if the caller is no fiber of this scheduler, and for some that are
   */
  public @Nullable FiberCore currentIfKnown() {
    FiberCore known = current;
    return known != null && known.isOn(Thread.currentThread()) ? known : null;
  }

  /** Takes a new fiber in, unless it was cancelled on its way. */
  public void add(FiberCore fiber, @Nullable FiberCore by) {
    if (fiber.mayRun()) {
      ready.reserve(live.size() + ready.size() + 1); // to wake one takes no memory then
      fiber.enqueue();
      live.add(fiber);
    }
    if (trace != null) {
      trace.spawned(fiber, by);
    }
  }

  /**
   * Lets go of a fiber that ends; of one that is still on its way in, there is nothing to let go.
   */
  public void remove(FiberCore fiber) {
    live.remove(fiber);
  }

  /** The turn of a fiber has ended, and the fiber with it. */
  public void ends(FiberCore fiber) {
    if (trace != null) {
      trace.ends(fiber, fiber.describeEnd());
    }
    if (watch != null) {
      watch.fiberEnds(fiber);
    }
  }

  /**
   * Waits as {@link FiberCore#block} does, for what another thread may bring.
   *
   * @param cancellable whether an interruption may end the wait; if not, it has to wait
   */
  public void blockForOutside(FiberCore me, Blocker blocker, boolean cancellable) {
    awaiting++;
    try {
      if (cancellable) {
        me.block(blocker);
      } else {
        me.blockUncancellably(blocker);
      }
    } finally {
      awaiting--;
    }
  }

  /** Other threads can bring something now, or one fewer of them can. For whoever has control. */
  public void expectFromOutside(int more) {
    awaiting += more;
  }

  /**
   * Has something done soon by whoever has control, though that be the caller.
   *
   * @return false if nothing is taken any more
   */
  public boolean tellLater(Runnable action) {
    return inbound.push(action);
  }

  /** Makes an alarm of this clock. */
  public Alarm newAlarm(FiberCore fiber) {
    return new Alarm(fiber, timers, clock);
  }

  /**
   * Sets a deadline for what a fiber does from now on, until it is closed. Those of one fiber nest.
   *
   * @param deadlineNanos when
   */
  public FiberCore.Deadline newDeadline(FiberCore me, long deadlineNanos) {
    return new FiberCore.Deadline(me, timers, deadlineNanos);
  }

  /**
   * Has something done at a time.
   *
   * @param action called by whoever has control; if it throws, it is called again
   * @param deadlineNanos when
   * @return what prevents it
   */
  public Runnable schedule(Runnable action, long deadlineNanos) {
    Timer timer =
        new Timer() {
          @Override
          void fire() {
            action.run();
          }
        };
    timers.add(timer, deadlineNanos);
    return () -> timers.remove(timer);
  }

  /** The time. */
  public Clock clock() {
    return clock;
  }

  /** What selects take for chance. */
  public Choices choices() {
    return choices;
  }

  /**
   * Has something done by whoever has control: now if that is the caller, else soon.
   *
   * @return false if nothing is taken any more
   */
  public boolean tell(Runnable action) {
    FiberCore caller = FiberCore.current();
    if (caller != null && caller.isControlledBy(this)) {
      action.run();
      return true;
    }
    return inbound.push(action);
  }

  // ---- the order ----------------------------------------------------------------------------

  @Override
  public void enqueue(FiberCore me) {
    if (newestFirst) {
      enqueueNewestFirst(me);
    } else {
      ready.add(me);
    }
  }

  private void enqueueNewestFirst(FiberCore me) {
    FiberCore first = ready.first();
    if (first == null || !first.isRunning()) {
      ready.addFirst(me);
    } else {
      ready.addSecond(me); // as the first has its turn now, and its place until that is over
    }
  }

  @Override
  public void enqueueLast(FiberCore me) {
    ready.add(me);
  }

  @Override
  public boolean dequeueFirst(FiberCore me) {
    if (ready.first() != me) {
      return false;
    }
    ready.removeFirst();
    return true;
  }

  @Override
  public void switchFrom(FiberCore me, @Nullable Blocker blocker) {
    if (trace != null) {
      trace.ends(me, blocker == null ? "yield" : blocker.describe());
    }
    FiberCore next;
    while ((next = next()) != me) {
      try {
        if (next == null) {
          me.leaveToRoot();
        } else {
          me.transferTo(next, coroutines);
        }
        break;
      } catch (CoroutineLimitException e) {
        failFirst(next, e);
      }
    }
    offered = null;
    current = me;
    if (trace != null) {
      trace.begins();
    }
    if (watch != null) {
      watch.turnBegins(me);
    }
  }

  @Override
  public @Nullable Coroutine<?, ?> successor() {
    if (order == Order.CHOSEN || trace != null || watch != null) {
      return null; // whose business it is to see each turn begin and end
    }
    FiberCore next = next();
    offered = next;
    return next == null ? null : next.coroutineForSuccession(coroutines);
  }

  @Override
  public void begins(FiberCore me) {
    offered = null;
    current = me;
    if (trace != null) {
      trace.begins();
    }
    if (watch != null) {
      watch.fiberBegins(me);
      watch.turnBegins(me);
    }
  }

  @Override
  public boolean preempts(FiberCore me) {
    return preempting
        && ready.first() == me
        && ready.size() > 1
        && choices.preempts(me.number(), ready.size(), numbers);
  }

  /** Who is to have control from the root; null for nobody. */
  private @Nullable FiberCore nextForRoot() {
    FiberCore counted = offered;
    offered = null;
    return counted != null && counted == ready.first() && counted.mayRun() ? counted : next();
  }

  /** Who goes on; null if it is the root. */
  private @Nullable FiberCore next() {
    if (!inbound.isEmpty()) {
      Headroom.ensure();
      inbound.drain();
    }
    if (--untilClock <= 0) {
      readClock();
    }
    while (turnsLeft > 0) {
      long among = turnsLeft--;
      if (order == Order.CHOSEN && ready.size() > 1) {
        int bound = (int) Math.min(among, ready.size());
        ready.bringForward(choices.chooseFiber(bound, numbers));
      }
      FiberCore next = ready.first();
      if (next == null || next.mayRun()) {
        return next;
      }
      passOver(next);
    }
    return null;
  }

  private long numberAt(int place) {
    return ready.get(place).number();
  }

  private @Nullable FiberCore firstReady() {
    FiberCore first;
    while ((first = ready.first()) != null && !first.mayRun()) {
      passOver(first);
    }
    return first;
  }

  /** The first is new, and there is no stack for it. This was its turn. */
  private void failFirst(FiberCore first, Throwable why) {
    first.endNew(why);
    if (ready.first() == first) { // else those whom its end has woken are before it
      passOver(first);
    }
  }

  private void passOver(FiberCore first) {
    ready.removeFirst();
    first.dequeued();
  }

  private void readClock() {
    boolean bounded = stopNanos != Clock.NEVER;
    untilClock = bounded ? 1 : CLOCK_INTERVAL;
    if (bounded || !timers.isEmpty()) {
      long now = clock.nanoTime();
      if (timers.earliestNanos() <= now) {
        Headroom.ensure();
        timers.fireDue(now);
      }
      if (now >= stopNanos) {
        turnsLeft = 0;
      }
    }
  }
}
