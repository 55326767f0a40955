package dev.stackful.internal.fiber;

import dev.stackful.Coroutine;
import dev.stackful.Yielder;
import dev.stackful.internal.engine.CoroutineStack;
import dev.stackful.internal.engine.Headroom;
import dev.stackful.internal.engine.StackTask;
import dev.stackful.internal.engine.SucceededBody;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A fiber as its scheduler knows it: what it is doing, and the wait that it is in.
 *
 * <h2>One wait, one end</h2>
 *
 * A fiber waits for one thing at a time, and its waits are numbered. Whatever may end one knows the
 * number: a {@linkplain WaiterQueue.Waiter place} in a queue, an {@link Alarm}, a cancellation.
 * {@link #resume} is the only way for a fiber that waits to become ready; the first that calls it
 * with the right number ends the wait, and tells who it was. All others come too late, and find
 * that out by the number. So nothing needs to be taken out of anywhere in time.
 *
 * <h2>Errors in the middle</h2>
 *
 * A fiber that is ready, or has not begun, is in the ready queue: always, since it is put there
 * before its status says so, and stays until it suspends or ends after its turn. The queue may hold
 * others as well, whom an error has left there; those are passed over. A fiber whose switch fails
 * still runs, and by the plain write of its status alone, which no lack of stack can prevent, all
 * that could have resumed it comes too late.
 *
 * <h2>Who may touch what</h2>
 *
 * All fields are plain, and belong to whoever has control: the fiber that runs, or the thread that
 * runs the runtime. A switch orders what is done before it and after it, on every engine. The end
 * alone is published, as other threads may ask for it.
 */
public abstract class FiberCore extends LiveFibers.Link<FiberCore>
    implements Coroutine.Body<@Nullable Void, @Nullable Void>, SucceededBody<Coroutine<?, ?>> {

  /** What a fiber asks of its scheduler. */
  public interface Control {
    /** The next number for a fiber. Any thread may ask. */
    long nextFiberNumber();

    /** Puts a fiber that has become ready into the queue. If this throws, it has not. */
    void enqueue(FiberCore me);

    /** Puts a fiber that yields behind all that are ready. If this throws, it has not. */
    void enqueueLast(FiberCore me);

    /** Takes a fiber out of the queue if it is the first there, and returns whether it was. */
    boolean dequeueFirst(FiberCore me);

    /**
     * Hands control to the next ready fiber, or to the root, and returns when the caller has it
     * again.
     *
     * @param blocker what it waits for; null if it is ready
     */
    void switchFrom(FiberCore me, @Nullable Blocker blocker);

    /** Whether a fiber is to yield before an operation, to see what comes of it. */
    boolean preempts(FiberCore me);

    /** A fiber's first turn has begun. */
    void begins(FiberCore me);

    /** A fiber has ended: what goes on in its place; null if that is the root. */
    @Nullable Coroutine<?, ?> successor();
  }

  /** Has not begun. */
  public static final int NEW = 0;

  /** Could go on. */
  public static final int READY = 1;

  /** Has control. */
  public static final int RUNNING = 2;

  /** Waits. */
  public static final int WAITING = 3;

  /** Has returned. This and what is above are ends. */
  public static final int SUCCEEDED = 4;

  /** Has thrown. */
  public static final int FAILED = 5;

  /** Was cancelled and has ended. */
  public static final int CANCELLED = 6;

  /** What the name of one that was given none begins with. */
  private static final String NAME_PREFIX = "fiber-";

  /** What {@link #resumedBy} tells of a wait that an interruption has ended. */
  private static final Object INTERRUPTION = new Object();

  private static final VarHandle STATUS;

  static {
    FiberFrames.hide(FiberCore.class);
    try {
      STATUS = MethodHandles.lookup().findVarHandle(FiberCore.class, "status", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Control control;
  private final long number;

  /** Null for one that was given none. */
  private final @Nullable String givenName;

  /** One of the constants above. */
  private int status;

  /** Whether it has a place in the ready queue. */
  private boolean queued;

  /** The number of its latest wait. */
  private long waits;

  /** What it waits for. */
  private @Nullable Blocker blocker;

  /** Whether a cancellation may end the wait. */
  private boolean cancellable;

  /** Who ended the latest wait. */
  private @Nullable Object resumedBy;

  /**
   * What is to be thrown by the next operation that can be cancelled: this fiber for a
   * cancellation, or the outermost deadline that has passed; null for nothing.
   */
  private @Nullable Object interruption;

  /** The innermost deadline of what runs. */
  private @Nullable Deadline deadline;

  /** Null before the first turn and after the end. */
  private @Nullable Coroutine<@Nullable Void, @Nullable Void> coroutine;

  /** The thread of its stack; null before the body runs and after the end. */
  private @Nullable Thread thread;

  /** The way out of its stack. Valid while the body runs. */
  private Yielder<@Nullable Void, @Nullable Void> self;

  /**
   * Makes one that is in no queue yet.
   *
   * @param name what it is called; null for its number
   */
  @SuppressWarnings("NullAway.Init") // self is set by the body's first act
  protected FiberCore(Control control, @Nullable String name) {
    this.control = control;
    this.number = control.nextFiberNumber();
    this.givenName = name;
  }

  // ---- what a fiber is made of --------------------------------------------------------------

  /** Runs the body, and what is to be done at its end. Throws nothing. */
  protected abstract void runBody();

  /** Ends a fiber that has not begun: as cancelled, or as failed with what kept it from it. */
  protected abstract void endUnbegun(@Nullable Throwable failure);

  /**
   * What an interruption throws.
   *
   * @param why this fiber if it was cancelled, or the deadline that has passed
   */
  protected abstract Error interruption(Object why);

  // ---- for the fiber itself -----------------------------------------------------------------

  /** Goes to the end of the ready queue. Throws what a cancellation does. */
  public final void yieldNow() {
    prepareToSuspend();
    throwIfInterrupted();
    if (!queued) {
      control.enqueueLast(this);
      queued = true;
    }
    status = READY;
    try {
      control.switchFrom(this, null);
    } catch (Throwable t) {
      status = RUNNING;
      throw t;
    }
    status = RUNNING;
    throwIfInterrupted();
  }

  /** Begins to prepare a wait, and returns its number. */
  public final long newWait() {
    return ++waits;
  }

  /**
   * Waits until somebody resumes it, in the places that it has got into since {@link #newWait}.
   * Throws what a cancellation or a deadline does, if that comes instead.
   */
  public final void block(Blocker what) {
    suspend(what, true);
    if (resumedBy == INTERRUPTION) {
      throw takeInterruption();
    }
  }

  /** The same, but that a cancellation has to wait. */
  public final void blockUncancellably(Blocker what) {
    suspend(what, false);
  }

  private void suspend(Blocker what, boolean mayBeCancelled) {
    prepareToSuspend();
    blocker = what;
    cancellable = mayBeCancelled;
    resumedBy = null;
    status = WAITING;
    try {
      control.switchFrom(this, what);
    } catch (Throwable t) {
      // If it was resumed, the error struck on the way back, and the wait counts.
      if (status == WAITING || !(t instanceof StackOverflowError)) {
        status = RUNNING;
        blocker = null;
        leave(what);
        throw t;
      }
    }
    status = RUNNING;
    blocker = null;
    leave(what);
  }

  private static void leave(Blocker what) {
    try {
      what.leave();
    } catch (StackOverflowError e) {
      // what is left there is passed over
    }
  }

  /** Its turn is over, and it leaves its place at the head of the queue. */
  private void prepareToSuspend() {
    if (status != RUNNING) {
      throw new IllegalStateException(
          "the fiber "
              + name()
              + " has ended, or is suspended: what is called then can't suspend it");
    }
    dequeueFirst();
  }

  /** Who ended the latest wait: a place, an alarm. */
  public final @Nullable Object resumedBy() {
    return resumedBy;
  }

  /**
   * Begins an operation that may suspend: throws what a cancellation or a deadline does, if one is
   * pending.
   */
  public final void beginOperation() {
    if (control.preempts(this)) {
      yieldNow();
    } else {
      throwIfInterrupted();
    }
  }

  /** Throws what a cancellation or a deadline does, if one is pending. */
  public final void throwIfInterrupted() {
    if (interruption != null) {
      throw takeInterruption();
    }
  }

  private Error takeInterruption() {
    Error thrown = interruption(Objects.requireNonNull(interruption));
    interruption = null;
    return thrown;
  }

  /**
   * Publishes the end.
   *
   * @param outcome which one
   */
  public final void end(int outcome) {
    coroutine = null;
    if (status == RUNNING) {
      dequeueFirst();
    } // else it keeps its place: a round has counted it, and passing it over counts as a turn
    STATUS.setVolatile(this, outcome);
  }

  /** The one on whose stack the caller is; null if it is on none. */
  public static @Nullable FiberCore current() {
    StackTask task = CoroutineStack.currentTask();
    return task != null && task.body() instanceof FiberCore fiber ? fiber : null;
  }

  /** Whether a thread is that of its stack. Any thread may ask of itself. */
  final boolean isOn(Thread caller) {
    return thread == caller;
  }

  // ---- for whoever has control --------------------------------------------------------------

  /** Whether it is in a wait that nobody has ended, and that has this number. */
  final boolean isWaiting(long wait) {
    return status == WAITING && waits == wait;
  }

  /**
   * Ends a wait. If this throws, nothing has changed.
   *
   * @param wait the number of the wait
   * @param by who ends it
   * @return whether it did; if not, the wait was over
   */
  final boolean resume(long wait, Object by) {
    if (!isWaiting(wait)) {
      return false;
    }
    enqueue();
    resumedBy = by;
    status = READY;
    return true;
  }

  /**
   * Cancels it: ends its wait, if that can be, or else has its next operation throw. One that
   * hasn't begun ends. If this throws, nothing has changed, or it has ended.
   */
  public final void cancel() {
    switch (status) {
      case NEW -> endNew(null);
      case READY, RUNNING, WAITING -> interrupt(this);
      default -> {
        // it has ended
      }
    }
  }

  /** Ends one that has not begun. If this throws, nothing has changed, or it has ended. */
  final void endNew(@Nullable Throwable failure) {
    Headroom.ensureLittle(); // half an end can't be undone
    endUnbegun(failure);
  }

  /** Ends a wait, if that can be, or else has the next operation throw. */
  private void interrupt(Object why) {
    if (status == WAITING && cancellable) {
      resume(waits, INTERRUPTION);
    }
    if (interruption != this) { // a cancellation goes before all deadlines
      interruption = why;
    }
  }

  /** Unwinds one that won't end otherwise: whatever it waits in throws. */
  final void unwind() {
    Coroutine<@Nullable Void, @Nullable Void> standing = coroutine;
    if (standing != null) {
      standing.close();
    } else if (status == NEW) {
      endNew(null);
    }
  }

  /** Puts it into the ready queue, where it has at most one place. */
  final void enqueue() {
    if (!queued) {
      control.enqueue(this);
      queued = true;
    }
  }

  private void dequeueFirst() {
    if (queued && control.dequeueFirst(this)) {
      queued = false;
    }
  }

  /** It was taken out of the ready queue, having been passed over. */
  final void dequeued() {
    queued = false;
  }

  /**
   * A time until which a piece of the fiber's code may last. When it has passed, the operation that
   * the fiber waits in, or else its next one, is interrupted, unless the piece has ended before.
   */
  public static final class Deadline extends Timer {
    private final FiberCore fiber;
    private final TimerQueue timers;
    private final @Nullable Deadline outer;

    Deadline(FiberCore fiber, TimerQueue timers, long deadlineNanos) {
      this.fiber = fiber;
      this.timers = timers;
      this.outer = fiber.deadline;
      timers.add(this, deadlineNanos);
      fiber.deadline = this;
    }

    /** The piece of code has ended. */
    public void close() {
      timers.remove(this);
      fiber.deadline = outer;
      if (fiber.interruption == this) {
        fiber.interruption = null;
      }
    }

    @Override
    void fire() {
      for (Deadline around = outer; around != null; around = around.outer) {
        if (fiber.interruption == around) {
          return; // what that one will throw ends this piece of code, too
        }
      }
      fiber.interrupt(this);
    }
  }

  /** Whether it may have control: it is ready or has not begun. */
  final boolean mayRun() {
    return status <= READY;
  }

  /** Whether its coroutine has ended without a call of {@link #run}: there was no memory for it. */
  final boolean couldNotBegin() {
    Coroutine<?, ?> made = coroutine;
    return status == NEW && made != null && made.isDone();
  }

  /** Whether it has control. */
  final boolean isRunning() {
    return status == RUNNING;
  }

  /** Whether a scheduler is this one's. */
  final boolean isControlledBy(Control other) {
    return control == other;
  }

  // ---- the switch ---------------------------------------------------------------------------

  /** Gives it control, for the root. */
  final void enter(Coroutine.Builder coroutines) {
    coroutine(coroutines).resume(null);
  }

  /** Gives control back to the root. */
  final void leaveToRoot() {
    self.yield(null);
  }

  /** Gives control to another fiber. */
  final void transferTo(FiberCore next, Coroutine.Builder coroutines) {
    self.transferTo(next.coroutine(coroutines), null);
  }

  private Coroutine<@Nullable Void, @Nullable Void> coroutine(Coroutine.Builder coroutines) {
    Coroutine<@Nullable Void, @Nullable Void> known = coroutine;
    if (known == null) {
      Headroom.ensure();
      known = makeCoroutine(coroutines);
    }
    return known;
  }

  private Coroutine<@Nullable Void, @Nullable Void> makeCoroutine(Coroutine.Builder coroutines) {
    Coroutine<@Nullable Void, @Nullable Void> made = coroutines.build(this);
    coroutine = made;
    return made;
  }

  /** What it is run by, for a caller that has plenty of stack left. */
  final Coroutine<?, ?> coroutineForSuccession(Coroutine.Builder coroutines) {
    Coroutine<?, ?> known = coroutine;
    return known == null ? makeCoroutine(coroutines) : known;
  }

  @Override
  public final @Nullable Coroutine<?, ?> successor() {
    return control.successor();
  }

  @Override
  public final @Nullable Void run(
      Yielder<@Nullable Void, @Nullable Void> yielder, @Nullable Void nothing) {
    self = yielder;
    thread = Thread.currentThread();
    status = RUNNING;
    control.begins(this);
    try {
      runBody();
    } finally {
      thread = null; // which may serve another from now on
    }
    return null;
  }

  @Override
  public final String owner() {
    return "a fiber";
  }

  @Override
  public final boolean holdsCoroutine() {
    return true;
  }

  @Override
  public final @Nullable String givenName() {
    return givenName;
  }

  @Override
  public final String namePrefix() {
    return NAME_PREFIX;
  }

  /** How it has ended, in a word. */
  final String describeEnd() {
    return switch (status) {
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      default -> "cancelled";
    };
  }

  // ---- for anybody --------------------------------------------------------------------------

  /** What it is doing: one of the constants. From other threads, only the ends are certain. */
  public final int status() {
    return (int) STATUS.getAcquire(this);
  }

  /** The same, ordered with what the caller did before, as the end is with what follows it. */
  public final int statusVolatile() {
    return (int) STATUS.getVolatile(this);
  }

  /** What it waits for; null if it doesn't. */
  public final @Nullable Blocker blocker() {
    return blocker;
  }

  /** Where it stands while it is suspended, innermost frame first. */
  public final StackTraceElement[] stackTrace() {
    Coroutine<?, ?> standing = coroutine;
    return standing == null ? new StackTraceElement[0] : FiberFrames.of(standing.stackTrace());
  }

  /** Its number in the runtime. */
  @Override
  public final long number() {
    return number;
  }

  /** What it is called. Any thread may ask. */
  public final String name() {
    return givenName == null ? NAME_PREFIX + number : givenName;
  }
}
