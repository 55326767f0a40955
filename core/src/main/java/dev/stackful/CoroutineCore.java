package dev.stackful;

import dev.stackful.internal.engine.CoroutineStack;
import dev.stackful.internal.engine.StackLimitException;
import dev.stackful.internal.engine.StackRequest;
import dev.stackful.internal.engine.StackSource;
import dev.stackful.internal.engine.StackTask;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The inner half of a coroutine: what its own stack holds. It knows its {@link Coroutine} only
 * weakly, so that an abandoned one can be found.
 *
 * <h2>Who may touch what</h2>
 *
 * The state is the claim. One compare-and-set from SUSPENDED (or NEW) to RUNNING gives a thread the
 * coroutine, with all the plain fields; a release store of SUSPENDED or DONE, after the switch
 * back, gives it away again. Between resumer and body nothing needs ordering: with the native
 * engine both run on one kernel thread, and a handoff orders them by itself.
 *
 * <p>The state is written last, by the resumer, and not by the body before it leaves: until the
 * switch is over the body's registers are not saved, and a second thread that claimed the coroutine
 * then would run a stack that is still in use.
 */
final class CoroutineCore<I extends @Nullable Object, O extends @Nullable Object>
    implements Yielder<I, O>, StackTask {
  /** How often {@code close} unwinds a body that goes on yielding. */
  static final int MOST_UNWINDS = 100;

  private static final int NEW = 0;
  private static final int SUSPENDED = 1;
  private static final int RUNNING = 2;
  private static final int NORMAL = 3;
  private static final int DONE = 4;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(CoroutineCore.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final AtomicLong NUMBERS = new AtomicLong();

  private final Coroutine.Body<I, O> body;
  private final Engine engine;
  private final StackSource stacks;
  private final long stackSizeBytes;
  private final boolean freshStack;
  private final AbandonedCoroutines.Handle handle;

  private final long number = NUMBERS.incrementAndGet();

  private @Nullable String name;
  private volatile int state;

  /** Null before the first resume and after the end. */
  private @Nullable CoroutineStack stack;

  /** What goes in with a resume and comes out with a yield or the return. */
  private @Nullable Object transfer;

  /**
   * What the body finds when it goes on, but for a plain resume: a Throwable, to be thrown by the
   * pending yield; or the coroutine that has transferred to this one, to be published as suspended.
   */
  private @Nullable Object arrival;

  /** How often the body has transferred: then another thread may have resumed it since. */
  private int transfers;

  private @Nullable Throwable failure;
  private boolean ended;

  CoroutineCore(
      Coroutine.Body<I, O> body,
      Engine engine,
      StackSource stacks,
      Coroutine.Builder builder,
      Coroutine<I, O> handle) {
    this.body = body;
    this.engine = engine;
    this.stacks = stacks;
    this.stackSizeBytes = builder.stackSizeBytes();
    this.freshStack = builder.freshStack();
    this.name = builder.name();
    this.handle = new AbandonedCoroutines.Handle(handle, this);
  }

  // ---- for whoever resumes ------------------------------------------------------------------

  O resume(I value) {
    return resume(value, null);
  }

  O raise(Throwable exception) {
    return resume(null, exception);
  }

  /**
   * Claims the coroutine, runs the body up to the end of its turn, and gives the claim away: that
   * of the coroutine which came back.
   *
   * <p>The resumer's own stack may overflow at any call from the claim on, before the switch or
   * after it. So a claim is taken and given back in one method, and the handler calls nothing: a
   * plain volatile store needs no stack. Either way the body stands at a yield, or before its
   * start, or has ended, and only a value may be lost. Nothing throws once the claim is given away,
   * or the handler would take it from who has it next.
   */
  @SuppressWarnings("unchecked")
  private O resume(@Nullable Object value, @Nullable Throwable exception) {
    if (!STATE.compareAndSet(this, SUSPENDED, RUNNING)) {
      if (exception == null) {
        claimNew("resume");
      } else {
        raiseInNew(exception);
      }
    }
    CoroutineCore<?, ?> cameBack = null;
    int transfersBefore = transfers;
    try {
      transfer = value;
      if (exception != null) {
        arrival = exception;
      }
      cameBack = switchTo();
      return (O) cameBack.endTurn();
    } catch (Throwable t) {
      if (cameBack != null) {
        if (cameBack.state == RUNNING) {
          cameBack.state = cameBack.ended ? DONE : SUSPENDED;
        }
      } else if (transfers == transfersBefore) { // else it has transferred, and isn't ours any more
        arrival = null;
        state = ended ? DONE : SUSPENDED;
      }
      throw t;
    }
  }

  void close() {
    if (!unwind()) {
      int seen = state;
      if (seen != NEW && seen != DONE) {
        throw notResumable("close");
      }
    }
  }

  /**
   * Throws {@link ForcedUnwind} at each pending yield until the body ends.
   *
   * @return false if the coroutine isn't suspended
   */
  private boolean unwind() {
    if (!tryClaim()) {
      return false;
    }
    boolean claimed = true;
    int transfersBefore = transfers;
    try {
      for (int i = 0; i < MOST_UNWINDS; i++) {
        arrival = new ForcedUnwind(name());
        CoroutineCore<?, ?> cameBack = switchTo();
        if (cameBack != this) {
          // Its finally has transferred to another, whose turn ends as any other. Ours goes on.
          claimed = false;
          cameBack.endTurn();
          if (!tryClaim()) {
            throw notResumable("close");
          }
          claimed = true;
        } else if (ended) {
          end();
          Throwable thrown = failure;
          if (thrown != null && !(thrown instanceof ForcedUnwind)) {
            throw outOfResume(thrown);
          }
          return true;
        }
        transfersBefore = transfers;
      }
      throw new IllegalStateException(
          "the body of "
              + describe()
              + " yielded "
              + MOST_UNWINDS
              + " times while it was being closed: it must let ForcedUnwind pass");
    } catch (Throwable t) {
      if (claimed && transfers == transfersBefore && state == RUNNING) { // as in resume
        arrival = null;
        state = ended ? DONE : SUSPENDED;
      }
      throw t;
    }
  }

  /** Claims the coroutine, with a stack, or throws. */
  private void claim(String verb) {
    if (!STATE.compareAndSet(this, SUSPENDED, RUNNING)) {
      claimNew(verb);
    }
  }

  private void claimNew(String verb) {
    if (!STATE.compareAndSet(this, NEW, RUNNING)) {
      throw notResumable(verb);
    }
    try {
      CoroutineStack taken = stacks.take(new StackRequest(name(), stackSizeBytes, freshStack));
      taken.assign(this);
      stack = taken;
    } catch (StackLimitException e) {
      state = NEW;
      throw new CoroutineLimitException("cannot start " + describe() + ": " + e.getMessage(), e);
    } catch (Throwable t) {
      state = NEW;
      throw t;
    }
  }

  /** An exception raised in a coroutine that was never resumed ends it without its body. */
  private void raiseInNew(Throwable exception) {
    if (!STATE.compareAndSet(this, NEW, DONE)) {
      throw notResumable("raise an exception in");
    }
    throw outOfResume(exception);
  }

  /** Gives the claim away: of the coroutine that came back, which yielded or has ended. */
  private @Nullable Object endTurn() {
    Object out = transfer;
    if (ended) {
      transfer = null;
      end();
      Throwable thrown = failure;
      if (thrown != null) {
        throw outOfResume(thrown);
      }
    } else {
      STATE.setRelease(this, SUSPENDED);
    }
    return out;
  }

  /** Switches to the body; says whose body came back, this one's or one that it transferred to. */
  private CoroutineCore<?, ?> switchTo() {
    CoroutineStack entered = stack;
    CoroutineCore<?, ?> caller = currentCore();
    CoroutineStack cameBack;
    if (caller == null) {
      cameBack = entered.enter();
    } else {
      try {
        STATE.setOpaque(caller, NORMAL);
        cameBack = entered.enter();
        STATE.setOpaque(caller, RUNNING);
      } catch (Throwable t) {
        caller.state = RUNNING; // an overflow, as in resume
        throw t;
      }
    }
    return cameBack == entered ? this : coreOn(cameBack);
  }

  private static CoroutineCore<?, ?> coreOn(CoroutineStack stack) {
    if (stack.task() instanceof CoroutineCore<?, ?> core) {
      return core;
    }
    throw new IllegalStateException("a stack came back that serves no coroutine");
  }

  /** Gives the stack back. Where that overflows, the reaper does it later. */
  private void end() {
    CoroutineStack served = stack;
    try {
      served.release();
      stack = null;
      handle.clear();
    } finally {
      state = DONE;
    }
  }

  private static @Nullable CoroutineCore<?, ?> currentCore() {
    return CoroutineStack.currentTask() instanceof CoroutineCore<?, ?> core ? core : null;
  }

  private RuntimeException outOfResume(Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    throw new CoroutineException(describe() + " threw " + thrown, thrown);
  }

  private IllegalStateException notResumable(String verb) {
    int seen = state;
    String why =
        switch (seen) {
          case RUNNING ->
              currentCore() == this
                  ? "it is the one that is running here"
                  : "it is running, resumed by another thread";
          case NORMAL -> "it has resumed another coroutine and waits for it";
          case DONE -> "it has ended";
          default -> "another thread has just resumed it";
        };
    return new IllegalStateException("cannot " + verb + " " + describe() + ": " + why);
  }

  // ---- for the body -------------------------------------------------------------------------

  @Override
  public I yield(O value) {
    CoroutineStack own = ownStack();
    transfer = value;
    own.leave();
    return arrive();
  }

  @Override
  public <J extends @Nullable Object> I transferTo(Coroutine<J, ? extends O> target, J value) {
    CoroutineCore<J, ? extends O> next = target.core();
    CoroutineStack own = ownStack();
    if (next.stacks != stacks) {
      throw new IllegalArgumentException(
          "cannot transfer from "
              + describe()
              + " on the engine "
              + engine
              + " to "
              + next.describe()
              + " on "
              + next.engine);
    }
    next.claim("transfer to");
    next.transfer = value;
    next.arrival = this;
    transfers++;
    try {
      own.transferTo(next.stack);
    } catch (Throwable t) {
      if (next.arrival == this) { // it never arrived: our own stack overflowed, say
        next.arrival = null;
        next.state = SUSPENDED;
        transfers--;
      }
      throw t;
    }
    return arrive();
  }

  /** Throws what {@link #yield} would, if it isn't this coroutine's body that calls. */
  void checkRunning() {
    ownStack();
  }

  /** The stack, if it is this coroutine's body that calls. */
  private CoroutineStack ownStack() {
    CoroutineStack own = stack;
    if (own == null || !own.isRunning(this)) {
      throw notYielding();
    }
    return own;
  }

  /** What a body does first when it goes on. */
  @SuppressWarnings("unchecked")
  private I arrive() {
    if (arrival != null) {
      arriveWith(arrival);
    }
    Object in = transfer;
    transfer = null; // the body may run long, and needs it no more
    return (I) in;
  }

  private void arriveWith(Object what) {
    arrival = null;
    if (what instanceof CoroutineCore<?, ?> predecessor) {
      STATE.setRelease(predecessor, SUSPENDED); // only now are its registers saved
    } else {
      CoroutineCore.<RuntimeException>throwUnchecked((Throwable) what);
    }
  }

  private RuntimeException notYielding() {
    if (isDone()) {
      return new IllegalStateException("cannot yield from " + describe() + ": it has ended");
    }
    return new WrongThreadException(
        "cannot yield from "
            + describe()
            + " on the thread "
            + Thread.currentThread().getName()
            + ": only its own body can");
  }

  /** Throws a checked exception too: the body may well catch it, whatever yield declares. */
  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void throwUnchecked(Throwable thrown) throws X {
    throw (X) thrown;
  }

  /** Start to end of the coroutine, on its own thread. */
  @Override
  public void run() {
    try {
      transfer = body.run(this, arrive());
    } catch (Throwable t) {
      failure = t;
    }
    ended = true;
  }

  // ---- for anybody --------------------------------------------------------------------------

  Coroutine.State state() {
    return switch (state) {
      case NEW -> Coroutine.State.NEW;
      case SUSPENDED -> Coroutine.State.SUSPENDED;
      case RUNNING -> Coroutine.State.RUNNING;
      case NORMAL -> Coroutine.State.NORMAL;
      default -> Coroutine.State.DONE;
    };
  }

  boolean isDone() {
    return state == DONE;
  }

  String name() {
    String known = name;
    if (known == null) {
      known = "coroutine-" + number; // two threads may both make it: the same text
      name = known;
    }
    return known;
  }

  Engine engine() {
    return engine;
  }

  StackTraceElement[] stackTrace() {
    CoroutineStack standing = stack;
    if (standing == null) {
      return new StackTraceElement[0];
    }
    StackTraceElement[] trace = standing.thread().getStackTrace();
    if (standing.task() != this) {
      return new StackTraceElement[0]; // it has ended meanwhile, and its stack serves another
    }
    return BodyFrames.of(trace);
  }

  @Override
  public boolean tryClaim() {
    return STATE.compareAndSet(this, SUSPENDED, RUNNING);
  }

  @Override
  public void unclaim() {
    STATE.setRelease(this, SUSPENDED);
  }

  /** Ends the coroutine and gives its stack back; for one whose handle nobody has any more. */
  void unwindAbandoned() {
    if (!unwind() && state == DONE && stack != null) {
      end();
    }
  }

  /** Whether it runs, or waits for another that it resumed. */
  boolean isRunningNow() {
    int seen = state;
    return seen == RUNNING || seen == NORMAL;
  }

  @Nullable Coroutine<?, ?> handle() {
    return handle.get();
  }

  private String describe() {
    return "the coroutine " + name();
  }
}
