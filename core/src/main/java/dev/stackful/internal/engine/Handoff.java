package dev.stackful.internal.engine;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A stack's thread, and whoever resumes it, pass a baton: only the one that has it runs, and the
 * others wait, so that it looks as if one had called the other.
 *
 * <p>It is passed through a volatile field: all that a side did before it passed the baton on
 * happens-before what the other does with it. A side waits by spinning for some microseconds, where
 * that pays ({@link SpinPolicy}), and then parks; only one that has parked is unparked. An
 * interrupt ends {@link LockSupport#park} at once and for ever after, so it is taken while waiting
 * and given back afterwards: the waiting itself can't be interrupted.
 *
 * <p>Any call may overflow the stack, and what follows a pass must not. So there is a little room
 * before the baton is passed, and enough to park or unpark before either is begun ({@link
 * Headroom}). To park may fail all the same: to unmount a virtual thread, HotSpot recurses over its
 * frames, so that a deep stack overflows there. Whatever fails after the baton was passed on, it is
 * taken back, and the error comes out. If the other side has noticed it first, it runs, and this
 * side must wait, if need be by spinning. So the two never run at once, and none waits for a
 * carrier that a spinning one holds: whoever runs has got one.
 */
final class Handoff {
  private static final SpinPolicy.Experience OF_RESUMERS = new SpinPolicy.Experience();
  private static final SpinPolicy.Experience OF_STACKS = new SpinPolicy.Experience();

  /** After so many rounds of spinning the clock is looked at, which takes as long as one. */
  private static final int ROUNDS_BETWEEN_LOOKS = 32;

  /**
   * Where a thread waits for the baton.
   *
   * <p>The low bits of its number are the state; the others count the waits, which tells a pass
   * from a later one. What comes with the baton stands beside it: each field that both sides use is
   * a cache line that goes from one processor to the other, and this is the least that does.
   */
  @SuppressWarnings("serial") // nobody serializes it
  private static final class Seat extends AtomicInteger {
    /** The thread waits. It is awake, and hasn't noticed anything. */
    private static final int WAITING = 0;

    /** Added to this: it has parked, or is about to. */
    private static final int PARKED = 1;

    /** Added to either: the baton has been passed to it. */
    private static final int GIVEN = 2;

    /** It has noticed that, and runs. */
    private static final int TAKEN = 4;

    private static final int STATE = 7;
    private static final int NEXT = 8;

    private final Thread thread;

    /** What comes with the baton to a stack: where it is to go back. */
    private @Nullable Seat resumer;

    /** Whose thread has the baton, or had it last, where the thread that waits here has resumed. */
    private volatile @Nullable CoroutineStack running;

    Seat(Thread thread) {
      this.thread = thread;
    }

    /** Called by the thread, which has the baton and is about to pass it on. */
    void beginWait() {
      lazySet((get() & ~STATE) + NEXT + WAITING);
    }

    /** Called by the thread, which has the baton all the same. */
    void endWait() {
      lazySet((get() & ~STATE) | TAKEN);
    }

    /**
     * Passes the baton to the thread.
     *
     * @return the number before, for the other methods
     */
    int give() {
      return getAndAdd(GIVEN);
    }

    static boolean wasParked(int before) {
      return (before & PARKED) != 0;
    }

    /** Takes back what was given, if the thread hasn't noticed it yet. */
    boolean takeBack(int before) {
      return compareAndSet(before + GIVEN, before);
    }

    boolean isGiven() {
      return (get() & GIVEN) != 0;
    }

    /** Called by the thread: whether it has the baton now. */
    boolean notice() {
      int seen = get();
      return (seen & GIVEN) != 0 && compareAndSet(seen, (seen & ~STATE) | TAKEN);
    }

    /** Called by the thread, if it has nothing to notice: parks, perhaps not for long. */
    void park() {
      int seen = get();
      if ((seen & PARKED) != 0 || compareAndSet(seen & ~STATE, (seen & ~STATE) | PARKED)) {
        LockSupport.park(this);
      }
    }

    /** Interrupts the running task in place of the thread that waits here, if it wants that. */
    boolean passInterruptOn() {
      CoroutineStack stack = running;
      StackTask task = stack == null || isGiven() ? null : stack.task();
      return task != null && task.takeInterruptOfCaller();
    }
  }

  private final CoroutineStack stack;
  private final Seat seat;

  /** Where the last resumer has waited, for the next time. It isn't kept while the stack parks. */
  private @Nullable Seat resumersSeat;

  /** Whether the stack's thread has been entered, and so has started. */
  private boolean begun;

  private @Nullable SpinPolicy resumersSpin;
  private @Nullable SpinPolicy stacksSpin;

  /**
   * For a stack with its thread.
   *
   * @param thread the stack's; it need not have started
   */
  Handoff(CoroutineStack stack, Thread thread) {
    this.stack = stack;
    this.seat = new Seat(thread);
  }

  /**
   * Called by the resumer: passes the baton to the stack's thread, and waits for it to come back.
   */
  void enter() {
    Headroom.ensureLittle();
    SpinPolicy spin = resumersSpin;
    if (begun && spin == null) { // not for a thread that is still to start, which takes long
      spin = new SpinPolicy(OF_RESUMERS);
      resumersSpin = spin;
    }
    begun = true;
    Seat own = resumersSeat;
    if (own == null || own.thread != Thread.currentThread()) {
      own = new Seat(Thread.currentThread());
      resumersSeat = own;
    }
    if (own.running != stack) {
      own.running = stack;
    }
    seat.resumer = own;
    pass(seat, own, spin);
  }

  /** Called by the stack's thread: passes the baton back, and waits for the next. */
  void leave() {
    Headroom.ensureLittle();
    SpinPolicy spin = stacksSpin();
    Seat back = resumer();
    seat.resumer = null;
    boolean passed = false;
    try {
      pass(back, seat, spin);
      passed = true;
    } finally {
      if (!passed && seat.resumer == null) { // else it was passed, and somebody has entered since
        seat.resumer = back;
      }
    }
  }

  /** Called by the stack's thread: passes the baton to another, and waits for the next. */
  void transferTo(Handoff target) {
    Headroom.ensureLittle();
    SpinPolicy spin = stacksSpin();
    Seat back = resumer();
    seat.resumer = null;
    back.running = target.stack;
    target.begun = true;
    target.seat.resumer = back;
    boolean passed = false;
    try {
      pass(target.seat, seat, spin);
      passed = true;
    } finally {
      if (!passed && seat.resumer == null) { // else it was passed, and somebody has entered since
        target.seat.resumer = null;
        back.running = stack;
        seat.resumer = back;
      }
    }
  }

  /**
   * Called by the stack's thread when it will not wait again: passes the baton back. If it throws,
   * it has not.
   */
  void end() {
    Seat back = resumer();
    int before = back.give();
    boolean told = (before & Seat.PARKED) == 0;
    while (!told) {
      try {
        LockSupport.unpark(back.thread);
        told = true;
      } catch (Throwable t) {
        // no memory for the call; but the resumer waits for it
      }
    }
  }

  /** Called by the stack's thread: waits for the baton the first time. */
  void awaitBaton() {
    boolean interrupted = false;
    while (!seat.notice()) {
      seat.park();
      interrupted |= Thread.interrupted();
    }
    try {
      restore(interrupted);
    } catch (Throwable t) {
      // no stack for it; but the baton is had
    }
  }

  private Seat resumer() {
    return Objects.requireNonNull(seat.resumer, "nobody entered");
  }

  private SpinPolicy stacksSpin() {
    SpinPolicy spin = stacksSpin;
    if (spin == null) {
      spin = new SpinPolicy(OF_STACKS);
      stacksSpin = spin;
    }
    return spin;
  }

  /**
   * Passes the baton, and waits until it comes back. If it throws, nothing was passed.
   *
   * @param to where the thread waits that gets it
   * @param own where the calling thread waits
   * @param spin whether to spin first; null for no
   */
  private void pass(Seat to, Seat own, @Nullable SpinPolicy spin) {
    boolean spins = spin != null && spin.spins(own.thread, to.thread);
    boolean room = !spins;
    if (room) {
      Headroom.ensure(); // here nothing has been passed yet
    }
    own.beginWait();
    int before = to.give();
    boolean told = (before & Seat.PARKED) == 0; // without a call: it would be one that may fail
    boolean interrupted = false;
    boolean noticed = false;
    while (!noticed) {
      try {
        if (own.notice()) {
          noticed = true;
          continue;
        }
        if (!room && !(told && spins)) {
          Headroom.ensure();
          room = true;
        }
        if (!told) {
          LockSupport.unpark(to.thread);
          told = true;
        }
        if (spins) {
          spins = false;
          spinFor(own, Seat.wasParked(before), spin);
          continue;
        }
        if (own == seat) {
          resumersSeat = null;
        }
        own.park();
        if (Thread.interrupted()) {
          boolean earlier = interrupted;
          interrupted = true; // it isn't lost if what comes now fails
          boolean taken = own.passInterruptOn();
          interrupted = earlier || !taken;
        }
      } catch (Throwable t) {
        boolean takenBack = false;
        try {
          takenBack = to.takeBack(before);
        } catch (Throwable u) {
          // no stack for that either: the other side may run, and this one waits
        }
        if (takenBack) {
          own.endWait();
          restore(interrupted);
          throw t;
        }
      }
    }
    restore(interrupted);
  }

  private static void spinFor(Seat own, boolean asleep, SpinPolicy policy) {
    long most = asleep ? SpinPolicy.ASLEEP_NANOS : SpinPolicy.AWAKE_NANOS;
    long start = 0;
    for (int i = 1; !own.isGiven(); i++) {
      Thread.onSpinWait();
      if (i % ROUNDS_BETWEEN_LOOKS == 0) {
        long now = System.nanoTime();
        if (start == 0) {
          start = now;
        } else if (now - start > most) {
          policy.wasInVain();
          return;
        }
      }
    }
    policy.paid();
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
