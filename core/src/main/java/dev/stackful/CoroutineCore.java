package dev.stackful;

import dev.stackful.internal.engine.Bindings;
import dev.stackful.internal.engine.CoroutineStack;
import dev.stackful.internal.engine.OwnedBody;
import dev.stackful.internal.engine.StackLimitException;
import dev.stackful.internal.engine.StackRequest;
import dev.stackful.internal.engine.StackSource;
import dev.stackful.internal.engine.StackTask;
import dev.stackful.internal.engine.SucceededBody;
import dev.stackful.internal.watch.AbandonedCoroutines;
import dev.stackful.internal.watch.CoroutineEvents;
import dev.stackful.internal.watch.ObservedCoroutine;
import dev.stackful.internal.watch.ObservedTurn;
import dev.stackful.internal.watch.Watchdog;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
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
 * then would run a stack that is still in use. With a transfer there is no resumer to do that, so
 * the target does it when it arrives.
 *
 * <h2>Errors in the middle</h2>
 *
 * Any call can end in a StackOverflowError or an OutOfMemoryError. So all that may fail comes
 * before the claim, or is undone; {@code taken} tells whether the body has gone on. After a switch
 * what must happen is done by plain field accesses, which need neither stack nor memory, and so is
 * to find out what has happened: a {@link Turn} tells the resumer which coroutine came back.
 *
 * <p>Nor does it help that calls as deep were made before the switch. When a class is redefined
 * meanwhile, or compiled code is given up for another reason, what follows is interpreted, and its
 * calls reach further down the stack than all of the compiled code did.
 */
final class CoroutineCore<I extends @Nullable Object, O extends @Nullable Object> extends Turn
    implements Yielder<I, O>, StackTask, ObservedCoroutine {
  /** How often a body that is being closed, and goes on yielding, gets the ForcedUnwind. */
  static final int MOST_UNWINDS = 100;

  private static final int NEW = 0;
  private static final int SUSPENDED = 1;
  private static final int RUNNING = 2;
  private static final int NORMAL = 3;
  private static final int DONE = 4;

  /** Suspended, and claimed for a moment by the exit hook: who wants to resume it waits. */
  private static final int HELD = 5;

  /**
   * Suspended before its body, as its first resume has failed: the next one binds the scoped values
   * anew. Without any it is SUSPENDED then.
   */
  private static final int UNBOUND = 6;

  private static final VarHandle STATE;
  private static final VarHandle NAME;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(CoroutineCore.class, "state", int.class);
      NAME = lookup.findVarHandle(CoroutineCore.class, "name", String.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
    // Now, rather than in the middle of a resume, where the stack may be nearly full.
    Watchdog.initialize();
    CoroutineEvents.initialize();
  }

  /** Of those whose name somebody has asked for, and that have neither a name nor a prefix. */
  private static final AtomicLong NUMBERS = new AtomicLong();

  private Engine engine;
  private StackSource stacks;

  /** Whether the first resume may still choose another engine. */
  private final boolean engineByResumer;

  private final long stackSizeBytes;
  private final boolean freshStack;

  /** Null where the body holds the coroutine, which can't be found abandoned then. */
  private final AbandonedCoroutines.@Nullable Handle<Coroutine<?, ?>> handle;

  /** What the body is to see of those that the first resumer has; null once it has begun. */
  private @Nullable List<ScopedValue<?>> scopedValues;

  /** Those, from the first resume to the body's start; null if none is bound. */
  private ScopedValue.@Nullable Carrier bindings;

  /** Null where the body has a context of its own. */
  private final @Nullable ResumersContext context;

  /** Null where there are none. */
  private final @Nullable ContextElements elements;

  private final @Nullable String owner;

  /** What its name begins with where it was given none; null for what begins all such names. */
  private final @Nullable String namePrefix;

  /** What follows the prefix, if there is one. */
  private final long number;

  /** Null until it is asked for, if it was given none. Set once. */
  private @Nullable String name;

  private volatile int state;

  /** Null after the end: what it captures may be large. */
  private Coroutine.@Nullable Body<I, O> body;

  /** Null before the first resume and after the end. */
  private @Nullable CoroutineStack stack;

  /** The value that goes in with a resume and comes out with a yield or the return. */
  private @Nullable Object passed;

  /**
   * What the body finds when it goes on, but for a plain resume: a Throwable, to be thrown by the
   * pending yield; or the coroutine that has transferred to this one, to be published as suspended.
   */
  private @Nullable Object arrival;

  /**
   * Whether the body has gone on since the claim. Written false with the claim, true by the body.
   */
  private boolean taken;

  /**
   * Itself at first, null after the end. One that has another holder was handed over by a transfer,
   * and can't come back but by one to this coroutine, which takes the claim.
   */
  private @Nullable Turn turn;

  /**
   * The handle of a body that was reached by a transfer, for as long as it runs: its resumer holds
   * another one, so that it could be found abandoned meanwhile.
   */
  private @Nullable Coroutine<?, ?> held;

  /** 0; or, from the ForcedUnwind of a close on, how often it was thrown at the body, from 1. */
  private int unwinds;

  /** Who resumed it last, or resumed whoever has transferred to it since. */
  private @Nullable Thread resumer;

  private @Nullable Throwable failure;
  private boolean ended;

  CoroutineCore(
      Coroutine.Body<I, O> body,
      Engine engine,
      StackSource stacks,
      Coroutine.Builder builder,
      Coroutine.Context context,
      Coroutine<I, O> handle) {
    this.holder = this;
    this.turn = this;
    this.body = body;
    this.engine = engine;
    this.stacks = stacks;
    this.engineByResumer = builder.isEngineByResumer();
    this.stackSizeBytes = builder.stackSizeBytes();
    this.freshStack = builder.freshStack();
    this.context = ResumersContext.of(context);
    List<ScopedValue<?>> listed = builder.scopedValues();
    this.scopedValues = listed.isEmpty() ? null : listed;
    this.elements = ContextElements.of(builder.contextElements());
    this.name = builder.name();
    OwnedBody owned = body instanceof OwnedBody o ? o : null;
    this.owner = owned == null ? null : owned.owner();
    this.namePrefix = owned == null ? null : owned.namePrefix();
    if (namePrefix == null) {
      this.number = 0;
    } else {
      this.number = owned.number();
      if (name == null) {
        this.name = owned.givenName();
      }
    }
    this.handle =
        owned != null && owned.holdsCoroutine()
            ? null
            : new AbandonedCoroutines.Handle<>(handle, this);
  }

  // ---- for whoever resumes ------------------------------------------------------------------

  @SuppressWarnings("unchecked")
  O resume(I value) {
    return (O) turn("resume", value, null);
  }

  @SuppressWarnings("unchecked")
  O raise(Throwable exception) {
    if (state == NEW && endNew()) {
      throw outOfResume(exception);
    }
    return (O) turn("raise an exception in", null, exception);
  }

  @Override
  public void close() {
    if ((state == NEW && endNew()) || state == DONE) {
      return;
    }
    try {
      turn("close", null, new ForcedUnwind(this));
    } catch (ForcedUnwind u) {
      // the body has let it pass, as it should
    }
    if (!isDone()) {
      throw new IllegalStateException(
          "the body of "
              + describe()
              + " yielded "
              + MOST_UNWINDS
              + " times while it was being closed: it must let ForcedUnwind pass");
    }
  }

  /** Ends a coroutine that was never resumed, if that is what it still is. */
  private boolean endNew() {
    if (!STATE.compareAndSet(this, NEW, DONE)) {
      return false;
    }
    body = null;
    clearHandle();
    return true;
  }

  /**
   * Claims the coroutine and has its body go on until it, or one that it transfers to, yields or
   * ends; returns or throws what came out of that.
   *
   * @param verb what the caller wants to do, for a refusal
   * @param value what the pending yield returns
   * @param thrown what it throws instead, if anything
   */
  private @Nullable Object turn(String verb, @Nullable Object value, @Nullable Throwable thrown) {
    return ObservedTurn.isWanted()
        ? observedTurn(verb, value, thrown)
        : turn(verb, value, thrown, null);
  }

  private @Nullable Object observedTurn(
      String verb, @Nullable Object value, @Nullable Throwable thrown) {
    ObservedTurn observed = ObservedTurn.begin(this);
    try {
      return turn(verb, value, thrown, observed);
    } finally {
      observed.over = true; // a call may fail, and then the watchdog finds it
      try {
        observed.end();
      } catch (Throwable t) {
        // no stack or no memory to look on with: what came of the turn counts
      }
    }
  }

  /**
   * A compiler takes it into each call of {@code resume} for as long as it has at most 325 bytes of
   * code (HotSpot's {@code FreqInlineSize}). Each frame that returns after a switch does so to
   * another place than the processor predicts from its calls.
   */
  private @Nullable Object turn(
      String verb,
      @Nullable Object value,
      @Nullable Throwable thrown,
      @Nullable ObservedTurn observed) {
    Thread me = Thread.currentThread();
    CoroutineCore<?, ?> caller = currentCore();
    @Nullable Object[] captured = elements == null ? null : elements.capture();
    claimTurn(verb, me, value, thrown);
    boolean interruptMoved = false;
    Turn mine = turn;
    try {
      CoroutineStack entered = stack;
      if (caller != null) {
        STATE.setOpaque(caller, NORMAL);
      }
      interruptMoved = hand(captured, observed, me, entered);
      entered.enter();
    } catch (Throwable t) {
      if (caller != null) {
        caller.state = RUNNING;
      }
      if (mine.holder == this && !taken) {
        passed = null;
        arrival = null;
        bindings = null;
        if (t instanceof StackLimitException) {
          stack = null; // its thread could not be started
          state = NEW;
        } else {
          state = scopedValues == null ? SUSPENDED : UNBOUND;
        }
        if (interruptMoved) {
          me.interrupt();
        }
        throw notEntered(t);
      }
      // A body has had its turn: what failed was on our side, and is forgotten.
    }
    // By the coroutine and not by its stack: that may have been given to another meanwhile.
    CoroutineCore<?, ?> actor = mine.holder;
    if (actor.held != null) {
      actor.held = null;
      mine.holder = this; // or what came by a transfer would be kept for as long as this one
    }
    if (caller != null) {
      caller.state = RUNNING;
    }
    if (actor.context != null) {
      try {
        actor.context.takeBack(actor.stack, actor.ended);
      } catch (Throwable t) {
        // no stack for the call: what is left on the body's thread, the next resume replaces
      }
    }
    if (actor.ended) {
      try {
        actor.end();
      } catch (Throwable t) {
        actor.state = DONE; // no stack for a call: the janitor finds the stack that it was on
      }
      return actor.outcome();
    }
    Object out = actor.passed;
    try {
      STATE.setRelease(actor, SUSPENDED);
    } catch (Throwable t) {
      actor.state = SUSPENDED; // the same, without a call
    }
    return out;
  }

  /** Claims the coroutine, and leaves in it what its body will find. */
  private void claimTurn(
      String verb, Thread me, @Nullable Object value, @Nullable Throwable thrown) {
    claim(verb);
    if (turn.holder != this) { // it has left by a transfer
      try {
        Turn another = new Turn();
        another.holder = this;
        turn = another;
      } catch (Throwable t) {
        state = SUSPENDED;
        throw t;
      }
    }
    taken = false;
    if (resumer != me) {
      resumer = me;
    }
    passed = value;
    if (thrown != null) { // it is null while nobody has the claim
      arrival = thrown;
    }
  }

  /**
   * Gives the body's side what belongs to the resumer.
   *
   * @return whether an interrupt of the resumer is the body's now
   */
  private boolean hand(
      @Nullable Object @Nullable [] captured,
      @Nullable ObservedTurn observed,
      Thread me,
      CoroutineStack entered) {
    if (captured != null) {
      elements.hand(captured);
    }
    if (observed != null) {
      observed.claimed();
    }
    return context != null && context.lend(me, entered.thread());
  }

  /**
   * Claims the coroutine, with a stack, or throws. It looks before it tries: a compare-and-set that
   * fails, as it would for every new coroutine, costs as much as one that succeeds.
   */
  private void claim(String verb) {
    if (state != SUSPENDED || !STATE.compareAndSet(this, SUSPENDED, RUNNING)) {
      claimSlowly(verb);
    }
  }

  private void claimSlowly(String verb) {
    int seen;
    while ((seen = state) == HELD || seen == SUSPENDED || seen == UNBOUND) {
      if (seen == HELD) {
        Thread.onSpinWait();
      } else if (STATE.compareAndSet(this, seen, RUNNING)) { // else it may be held again
        if (seen == UNBOUND) {
          bindAnew();
        }
        return;
      }
    }
    StackRequest request = new StackRequest(name, stackSizeBytes, freshStack);
    if (!STATE.compareAndSet(this, NEW, RUNNING)) {
      throw notResumable(verb);
    }
    try {
      if (scopedValues != null) {
        bindings = Bindings.of(scopedValues);
      }
      if (engineByResumer) {
        chooseEngine();
      }
      stack = stacks.take(request, this);
      if (context != null && engine == Engine.NATIVE) {
        ResumersContext.watchInterrupts();
      }
    } catch (Throwable t) {
      bindings = null;
      if (stack == null) {
        state = NEW;
      } else { // a new one would take another stack
        state = scopedValues == null ? SUSPENDED : UNBOUND;
      }
      throw notEntered(t);
    }
  }

  /** The resume before this one has failed, and what it had bound is not this one's. */
  private void bindAnew() {
    try {
      bindings = Bindings.of(Objects.requireNonNull(scopedValues));
    } catch (Throwable t) {
      state = UNBOUND;
      throw t;
    }
  }

  /** Throws what has kept a resume from its coroutine, as its caller is to see it. */
  private RuntimeException notEntered(Throwable why) {
    if (why instanceof StackLimitException limit) {
      throw limitReached(limit);
    }
    CoroutineCore.<RuntimeException>throwUnchecked(why);
    throw new AssertionError(why);
  }

  private CoroutineLimitException limitReached(StackLimitException limit) {
    return new CoroutineLimitException(
        "cannot start " + describe() + ": " + limit.getMessage(), limit);
  }

  /** That of the coroutine that is about to wait for this one, or what suits the thread. */
  private void chooseEngine() {
    CoroutineCore<?, ?> caller = currentCore();
    if (caller != null) {
      engine = caller.engine;
      stacks = caller.stacks;
    } else if (Thread.currentThread().isVirtual()) {
      engine = Engine.VIRTUAL_THREAD;
      stacks = engine.stacks();
    } else {
      engine = Engine.preferred();
      stacks = engine.stacks();
    }
  }

  /** Nobody is to look for it any more. */
  private void clearHandle() {
    if (handle != null) {
      handle.clear();
    }
  }

  /**
   * Gives the stack back, and only then publishes the end: who sees that, and finds the stack with
   * its task still, may give it back. Where this throws, the caller publishes the end by a store.
   */
  private void end() {
    CoroutineStack served = stack;
    stack = null;
    if (context != null) {
      context.awaitLastInterrupt(served);
    }
    served.release(this);
    clearHandle();
    STATE.setRelease(this, DONE);
  }

  /** Returns or throws what the body ended with. */
  private @Nullable Object outcome() {
    Object out = passed;
    Throwable thrown = failure;
    forgetAll();
    if (thrown != null) {
      WholeTrace.tell(thrown, this);
      throw outOfResume(thrown);
    }
    return out;
  }

  private static @Nullable CoroutineCore<?, ?> currentCore() {
    return CoroutineStack.currentTask() instanceof CoroutineCore<?, ?> core ? core : null;
  }

  /** The coroutine whose body is calling, if it stands by itself. */
  static CoroutineCore<?, ?> currentUnowned() {
    CoroutineCore<?, ?> core = currentCore();
    if (core == null) {
      throw new IllegalStateException(
          "no coroutine's body is running on the thread "
              + Thread.currentThread().getName()
              + ": call this in a body, or in what it calls on its own thread");
    }
    if (core.owner != null) {
      throw new IllegalStateException(
          core.describe()
              + " belongs to "
              + core.owner
              + ": in a generator's body call GeneratorScope.current()");
    }
    return core;
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

  private NotResumableException notResumable(String verb) {
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
    return new NotResumableException(this, "cannot " + verb + " " + describe() + ": " + why);
  }

  // ---- for the body -------------------------------------------------------------------------

  @Override
  @SuppressWarnings("unchecked")
  public I yield(O value) {
    CoroutineStack own = ownStack();
    if (unwinds != 0) {
      unwindAgain();
    }
    passed = value;
    try {
      if (context == null && elements == null) {
        own.leave();
      } else {
        leaveContext(own);
      }
    } catch (Throwable t) {
      if (taken) {
        throw t; // it could not leave
      }
      // It has left and been resumed: what failed was on this side, and is forgotten.
    }
    taken = true;
    if (arrival != null || elements != null) {
      try {
        arrive();
      } catch (Throwable t) {
        if (arrival instanceof CoroutineCore<?, ?> predecessor) { // the call itself has failed
          predecessor.held = null;
          predecessor.state = predecessor.ended ? DONE : SUSPENDED;
        }
        arrival = null;
        throw t;
      }
    }
    Object in = passed;
    passed = null; // the body may run long, and needs it no more
    return (I) in;
  }

  private void leaveContext(CoroutineStack own) {
    if (elements != null) {
      elements.restore();
    }
    try {
      if (context != null) {
        context.giveBack(own.thread(), Objects.requireNonNull(resumer));
      }
      own.leave();
    } catch (Throwable t) {
      if (taken) {
        if (context != null) {
          context.undoGiveBack(own.thread());
        }
        if (elements != null) {
          elements.setAgain(t);
        }
      }
      throw t;
    }
    if (context != null) {
      context.arrive();
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public <J extends @Nullable Object> I transferTo(Coroutine<J, ? extends O> target, J value) {
    CoroutineCore<J, ? extends O> next =
        Objects.requireNonNull(target, "target").resumable("transfer to");
    CoroutineStack own = ownStack();
    if (unwinds != 0) {
      return this.yield(null);
    }
    if (next.stacks != stacks && !(next.engineByResumer && next.state == NEW)) {
      throw onAnotherEngine(next);
    }
    @Nullable Object[] captured = next.elements == null ? null : next.elements.capture();
    if (elements == null) {
      return transfer(own, target, next, value, captured);
    }
    elements.restore();
    try {
      return transfer(own, target, next, value, captured);
    } catch (Throwable t) {
      elements.setAgain(t); // unless it has gone on since
      throw t;
    }
  }

  @SuppressWarnings("unchecked")
  private <J extends @Nullable Object> I transfer(
      CoroutineStack own,
      Coroutine<J, ? extends O> target,
      CoroutineCore<J, ? extends O> next,
      J value,
      @Nullable Object @Nullable [] captured) {
    next.claim("transfer to");
    if (next.stacks != stacks) { // somebody else was the first to resume it
      next.bindings = null;
      next.state = next.scopedValues == null ? SUSPENDED : UNBOUND;
      throw onAnotherEngine(next);
    }
    Turn spare = next.turn;
    int moved = 0;
    try {
      moved = handOver(own, target, next, value, captured);
      own.transferTo(next.stack);
    } catch (Throwable t) {
      if (taken) { // it could not leave: our own stack overflowed, say
        turn.holder = this;
        next.turn = spare;
        next.passed = null;
        next.arrival = null;
        next.held = null;
        next.bindings = null;
        if (next.context != null) {
          try {
            moveContextBack(moved, own, next);
          } catch (Throwable u) {
            // no stack for the call: the next resume replaces what is left there
          }
        }
        if (t instanceof StackLimitException) {
          next.stack = null; // its thread could not be started
          next.state = NEW;
        } else {
          next.state = next.scopedValues == null ? SUSPENDED : UNBOUND;
        }
        if (Watchdog.ON) {
          Watchdog.transferred(next, this);
        }
        throw next.notEntered(t);
      }
      // It has left and been resumed: what failed was on this side, and is forgotten.
    }
    taken = true;
    if (context != null || arrival != null || elements != null) {
      try {
        if (context != null) {
          context.arrive();
        }
        arrive();
      } catch (Throwable t) {
        if (arrival instanceof CoroutineCore<?, ?> predecessor) { // a call itself has failed
          predecessor.held = null;
          predecessor.state = predecessor.ended ? DONE : SUSPENDED;
        }
        arrival = null;
        throw t;
      }
    }
    Object in = passed;
    passed = null;
    return (I) in;
  }

  /** All that the other one is to find, as it is about to go on in this one's place. */
  private <J extends @Nullable Object> int handOver(
      CoroutineStack own,
      Coroutine<J, ? extends O> target,
      CoroutineCore<J, ? extends O> next,
      J value,
      @Nullable Object @Nullable [] captured) {
    next.taken = false;
    next.passed = value;
    next.arrival = this;
    next.held = target;
    next.turn = turn;
    turn.holder = next;
    if (captured != null) {
      next.elements.hand(captured);
    }
    if (Watchdog.ON) {
      Watchdog.transferred(this, next);
    }
    return moveContext(own, next); // last: a failure after it is to undo it
  }

  /** The resumer is another's. */
  private int moveContext(CoroutineStack own, CoroutineCore<?, ?> next) {
    Thread waiting = Objects.requireNonNull(resumer);
    next.resumer = waiting;
    return context == null && next.context == null
        ? 0
        : ResumersContext.move(context, own.thread(), next.context, next.stack.thread(), waiting);
  }

  /** The body could not leave after all. */
  private void moveContextBack(int moved, CoroutineStack own, CoroutineCore<?, ?> next) {
    ResumersContext target = Objects.requireNonNull(next.context);
    target.takeAway(next.stack);
    ResumersContext.moveBack(moved, context, target, own.thread());
  }

  /** Throws what {@link #yield} would, if it isn't this coroutine's body that calls. */
  void checkRunning() {
    ownStack();
  }

  /**
   * Whether a {@link #yield} has to come now, of whatever value, although there is room for more
   * before it: a body that is being closed gets the ForcedUnwind again, as from the yield itself.
   */
  boolean isUnwinding() {
    ownStack();
    return unwinds != 0;
  }

  /**
   * Whether the body is calling and is not being closed, so that there is nothing that {@link
   * #isUnwinding} or {@link #checkRunning} would have to say. It is asked for each element, and
   * takes a few loads. A no only means that they are to be asked.
   *
   * @param own the body's thread, which whoever asks has kept since its start
   */
  boolean isPlainlyRunning(Thread own) {
    return Thread.currentThread() == own && unwinds == 0 && !ended;
  }

  /**
   * A body that is being closed yields or transfers all the same. Returns where it has been told
   * often enough: then it may leave, and {@code close} reports it.
   */
  private void unwindAgain() {
    if (unwinds < MOST_UNWINDS) {
      unwinds++;
      throw new ForcedUnwind(this);
    }
    unwinds = 0;
  }

  /** The stack, if it is this coroutine's body that calls. */
  private CoroutineStack ownStack() {
    CoroutineStack own = stack;
    if (own == null || !own.isRunning(this)) {
      throw notYielding();
    }
    return own;
  }

  /** Does what was left to do for a body that goes on: publishes who transferred, or throws. */
  private void arrive() {
    Object what = arrival;
    arrival = null;
    if (what instanceof CoroutineCore<?, ?> predecessor) {
      if (predecessor.ended) {
        try {
          predecessor.end();
          predecessor.forgetAll(); // what it ended with, nobody waits for
        } catch (Throwable t) {
          predecessor.state = DONE; // no stack for a call: the janitor finds the other's
        }
        return;
      }
      predecessor.held = null;
      try {
        if (predecessor.context != null) {
          predecessor.context.takeAway(predecessor.stack);
        }
        STATE.setRelease(predecessor, SUSPENDED); // only now are its registers saved
      } catch (Throwable t) {
        predecessor.state = SUSPENDED; // the same, without a call
      }
    }
    Throwable raised = what instanceof Throwable t ? t : null;
    if (elements != null) {
      setElements(raised);
    }
    if (raised != null) {
      if (what instanceof ForcedUnwind unwind && unwind.isOf(this)) {
        unwinds = 1;
      }
      CoroutineCore.<RuntimeException>throwUnchecked(raised);
    }
  }

  private void setElements(@Nullable Throwable raised) {
    if (raised != null) {
      elements.setAgain(raised); // what is raised comes first, an unwinding above all
    } else {
      elements.set();
    }
  }

  private IllegalArgumentException onAnotherEngine(CoroutineCore<?, ?> next) {
    return new IllegalArgumentException(
        "cannot transfer from "
            + describe()
            + " on the engine "
            + engine
            + " to "
            + next.describe()
            + " on "
            + next.engine);
  }

  private RuntimeException notYielding() {
    if (isDone()) {
      return new IllegalStateException("cannot yield from " + describe() + ": it has ended");
    }
    String refusal = "cannot yield from " + describe();
    return new WrongThreadException(
        CoroutineStack.currentTask() instanceof CoroutineCore<?, ?> other
            ? refusal
                + " in the body of "
                + other.describe()
                + ": only its own body can; each that may yield has a yielder or a scope of its own"
            : refusal
                + " on the thread "
                + Thread.currentThread().getName()
                + ": only its own body can, and what that calls on its own thread");
  }

  /** Throws a checked exception too: the body may well catch it, whatever yield declares. */
  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void throwUnchecked(Throwable thrown) throws X {
    throw (X) thrown;
  }

  /** Start to end of the coroutine, on its own thread. Throws nothing. */
  @Override
  public void run() {
    taken = true;
    try {
      CoroutineEvents.started(this);
    } catch (Throwable t) {
      // the call itself has failed: a recording lacks it
    }
    try {
      if (context != null) {
        context.arrive();
      }
      if (arrival != null || elements != null) {
        arrive();
      }
      passed = scopedValues == null ? runBody() : runBodyBound();
    } catch (Throwable t) {
      if (arrival instanceof CoroutineCore<?, ?> predecessor) { // the call itself has failed
        predecessor.held = null;
        predecessor.state = predecessor.ended ? DONE : SUSPENDED;
      }
      arrival = null;
      bindings = null; // where the body has not begun
      failure = t;
    }
    try {
      if (elements != null) {
        failure = elements.end(failure);
      }
      if (context != null) {
        context.end(Thread.currentThread(), resumer);
      }
    } catch (Throwable t) {
      failure = failure == null ? t : failure; // a call has failed, and the end must not
    }
    ended = true;
    try {
      CoroutineEvents.ended(this, failure); // here, where there is stack enough
    } catch (Throwable t) {
      // the call itself has failed: a recording lacks it
    }
  }

  @Override
  public @Nullable CoroutineStack successor() {
    if (failure != null || context != null || elements != null) {
      return null;
    }
    if (body instanceof SucceededBody<?> own && own.successor() instanceof Coroutine<?, ?> target) {
      CoroutineCore<?, ?> next = target.resumable("transfer to");
      if (next.stacks == stacks && next.context == null && next.elements == null) {
        return next.state == NEW ? beginInPlace(next, target) : endByTransferTo(next, target);
      }
    }
    return null;
  }

  /** A new one begins on this one's stack. What can fail comes first, and does no harm alone. */
  private @Nullable CoroutineStack beginInPlace(
      CoroutineCore<?, ?> next, Coroutine<?, ?> nextHandle) {
    CoroutineStack own = Objects.requireNonNull(stack);
    Thread waiting = Objects.requireNonNull(resumer);
    boolean onSuchStack =
        next.stackSizeBytes == stackSizeBytes
            && !next.freshStack
            && next.name == null
            && next.scopedValues == null;
    if (!onSuchStack || !own.canServeAnother(waiting.getContextClassLoader())) {
      return null;
    }
    clearHandle();
    if (!STATE.compareAndSet(next, NEW, RUNNING)) {
      return null;
    }
    try {
      succeedBy(next, nextHandle, waiting);
      next.stack = own;
      own.serve(next);
    } catch (Throwable t) { // undone, by plain stores
      turn.holder = this;
      next.turn = next;
      next.held = null;
      next.resumer = null;
      next.stack = null;
      next.state = NEW;
      throw t;
    }
    stack = null;
    try {
      forgetAll();
      STATE.setRelease(this, DONE);
    } catch (Throwable t) {
      state = DONE; // the same, without a call
    }
    return own;
  }

  /** One that stands somewhere goes on. When it has, this one's end is published. */
  private @Nullable CoroutineStack endByTransferTo(
      CoroutineCore<?, ?> next, Coroutine<?, ?> nextHandle) {
    CoroutineStack own = Objects.requireNonNull(stack);
    Thread waiting = Objects.requireNonNull(resumer);
    if (!STATE.compareAndSet(next, SUSPENDED, RUNNING)) {
      return null;
    }
    Turn spare = next.turn;
    try {
      CoroutineStack target = Objects.requireNonNull(next.stack);
      if (!own.canEndBy(target)) {
        next.state = SUSPENDED;
        return null;
      }
      succeedBy(next, nextHandle, waiting);
      next.arrival = this;
      return target;
    } catch (Throwable t) { // undone, by plain stores
      turn.holder = this;
      next.turn = spare;
      next.held = null;
      next.state = SUSPENDED;
      throw t;
    }
  }

  /** What is to be undone where it, or what follows, fails. */
  private void succeedBy(CoroutineCore<?, ?> next, Coroutine<?, ?> nextHandle, Thread waiting) {
    next.taken = false;
    next.passed = null;
    next.resumer = waiting;
    next.held = nextHandle;
    next.turn = turn;
    turn.holder = next;
    if (Watchdog.ON) {
      Watchdog.transferred(this, next);
    }
  }

  private void forgetAll() {
    turn = null;
    passed = null;
    failure = null;
    body = null;
    resumer = null;
    held = null;
  }

  private O runBodyBound() throws Exception {
    ScopedValue.Carrier bound = bindings;
    bindings = null;
    scopedValues = null;
    return bound == null ? runBody() : bound.call(this::runBody);
  }

  /** Below it on the stack is nothing that a reader of the body's trace wants to see. */
  @SuppressWarnings("unchecked")
  private O runBody() throws Exception {
    I first = (I) passed;
    passed = null;
    return body.run(this, first);
  }

  // ---- for anybody --------------------------------------------------------------------------

  @Override
  public @Nullable Object body() {
    return body;
  }

  Coroutine.State state() {
    return switch (state) {
      case NEW -> Coroutine.State.NEW;
      case SUSPENDED, HELD, UNBOUND -> Coroutine.State.SUSPENDED;
      case RUNNING -> Coroutine.State.RUNNING;
      case NORMAL -> Coroutine.State.NORMAL;
      default -> Coroutine.State.DONE;
    };
  }

  @Override
  public boolean isDone() {
    return state == DONE;
  }

  @Override
  public String name() {
    String known = name;
    if (known == null) {
      known = makeName();
      nameThread(known);
    }
    return known;
  }

  /** Numbers are given to those that are asked for a name: of a million, nobody asks most. */
  private String makeName() {
    String made =
        namePrefix == null ? "coroutine-" + NUMBERS.incrementAndGet() : namePrefix + number;
    NAME.compareAndSet(this, null, made); // another thread may have been first
    return Objects.requireNonNull(name);
  }

  /** Whoever asks for a name may look for the thread next. */
  private void nameThread(String made) {
    CoroutineStack standing = stack;
    if (standing != null && tryHold()) {
      try {
        standing.nameThread(made);
      } finally {
        state = scopedValues == null ? SUSPENDED : UNBOUND; // unhold, without a call
      }
    }
  }

  Engine engine() {
    return engine;
  }

  @Override
  public String engineName() {
    return engine.name();
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
  public boolean takeInterruptOfCaller() {
    CoroutineStack running = stack;
    if (context == null || running == null) {
      return false;
    }
    context.give(running.thread());
    return true;
  }

  @Override
  public void passOnInterruptOfResumer() {
    CoroutineStack running = stack;
    Thread waiting = resumer;
    if (context != null && running != null && waiting != null && isRunningNow()) {
      context.passOn(waiting, this, running);
    }
  }

  /** Whether it has a stack still. Racy from a thread without the claim. */
  boolean isOn(CoroutineStack one) {
    return stack == one;
  }

  @Override
  public @Nullable Thread thread() {
    CoroutineStack standing = stack;
    return standing == null ? null : standing.thread();
  }

  @Override
  public boolean tryHold() {
    return STATE.compareAndSet(this, SUSPENDED, HELD) || STATE.compareAndSet(this, UNBOUND, HELD);
  }

  @Override
  public void unhold() {
    state = scopedValues == null ? SUSPENDED : UNBOUND;
  }

  @Override
  public boolean isRunningNow() {
    int seen = state;
    return seen == RUNNING || seen == NORMAL;
  }

  /**
   * What its own body may know of it: the handle, or, where it belongs to something larger, one
   * that looks on only. Null where nobody has the handle any more.
   */
  @Nullable Coroutine<?, ?> current() {
    if (owner != null) {
      return new Coroutine<>(this);
    }
    return held != null || handle == null ? held : handle.get();
  }

  /** What it belongs to, with its article; null for a coroutine that stands by itself. */
  @Nullable String owner() {
    return owner;
  }

  /** Its name in a sentence. */
  String describe() {
    return "the coroutine " + name();
  }
}
