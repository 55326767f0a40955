package dev.stackful.internal.engine;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A stack's thread, and whoever resumes it, pass a baton: only the one that has it runs, and the
 * others are parked, so that it looks as if one had called the other.
 *
 * <p>It is passed through a volatile field: all that a side did before it passed the baton on
 * happens-before what the other does with it. An interrupt ends {@link LockSupport#park} at once
 * and for ever after, so it is taken while waiting and given back afterwards: the waiting itself
 * can't be interrupted.
 *
 * <p>To park may fail, in spite of all headroom: to unmount a virtual thread, HotSpot recurses over
 * its frames, so that a deep stack overflows there, when the baton is passed on already. Then it is
 * taken back, and the error comes out. If the other side has noticed it first, it runs, and this
 * side must wait, if need be by spinning. So the two never run at once, and none waits for a
 * carrier that a spinning one holds: whoever runs has got one.
 */
final class Handoff {
  /** Where a thread waits for the baton. It holds what comes with it, until that is noticed. */
  @SuppressWarnings("serial") // nobody serializes it
  private static final class Seat extends AtomicReference<@Nullable Object> {
    private final Thread thread;

    /** Whose thread has the baton, or had it last, where the thread that waits here has resumed. */
    private volatile @Nullable CoroutineStack running;

    Seat(Thread thread) {
      this.thread = thread;
    }

    @Nullable Object notice() {
      return get() == null ? null : getAndSet(null);
    }

    /** Interrupts the running task in place of the thread that waits here, if it wants that. */
    boolean passInterruptOn() {
      CoroutineStack stack = running;
      StackTask task = stack == null || get() != null ? null : stack.task();
      return task != null && task.takeInterruptOfCaller();
    }
  }

  /**
   * What comes to a stack's seat: where the baton is to go back. A new one each time, which tells
   * this pass from a later one.
   */
  private record Pass(Seat resumer) {}

  private final CoroutineStack stack;
  private final Seat seat;

  /** Where whoever entered this stack, or one that has transferred to it, waits. */
  private @Nullable Seat resumer;

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
  CoroutineStack enter() {
    Headroom.ensure(); // here nothing has been passed yet
    Seat own = new Seat(Thread.currentThread());
    own.running = stack;
    return (CoroutineStack) pass(seat, new Pass(own), own);
  }

  /** Called by the stack's thread: passes the baton back, and waits for the next. */
  void leave() {
    Headroom.ensure();
    passAndWait(resumer(), stack);
  }

  /** Called by the stack's thread: passes the baton to another, and waits for the next. */
  void transferTo(Handoff target) {
    Headroom.ensure();
    Seat back = resumer();
    boolean passed = false;
    try {
      back.running = target.stack;
      passAndWait(target.seat, new Pass(back));
      passed = true;
    } finally {
      if (!passed) {
        back.running = stack;
      }
    }
  }

  /** Called by the stack's thread when it will not wait again: passes the baton back. */
  void end() {
    Seat back = resumer();
    back.set(stack);
    LockSupport.unpark(back.thread);
  }

  /** Called by the stack's thread: waits for the baton the first time. */
  void awaitBaton() {
    boolean interrupted = false;
    Object came;
    while ((came = seat.notice()) == null) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    resumer = ((Pass) came).resumer;
    restore(interrupted);
  }

  private Seat resumer() {
    return Objects.requireNonNull(resumer, "nobody entered");
  }

  /** For the stack's thread, which keeps its resumer only while it has the baton. */
  private void passAndWait(Seat to, Object baton) {
    Seat back = resumer;
    resumer = null;
    try {
      back = ((Pass) pass(to, baton, seat)).resumer;
    } finally {
      resumer = back; // the next one, or, if the baton could not be passed on, the same
    }
  }

  /**
   * Passes the baton, and waits until it comes back.
   *
   * @param to where the thread waits that gets it
   * @param baton what it gets; no other pass has the same
   * @param own where the calling thread waits
   * @return what comes to {@code own}
   */
  private Object pass(Seat to, Object baton, Seat own) {
    to.set(baton);
    boolean told = false;
    boolean interrupted = false;
    Object came;
    while ((came = own.notice()) == null) {
      try {
        if (!told) {
          LockSupport.unpark(to.thread);
          told = true;
        }
        LockSupport.park(this);
        if (Thread.interrupted()) {
          boolean before = interrupted;
          interrupted = true; // it isn't lost if what comes now fails
          boolean taken = own.passInterruptOn();
          interrupted = before || !taken;
        }
      } catch (Throwable t) {
        if (to.compareAndSet(baton, null)) { // the other side had not noticed it: it is ours again
          restore(interrupted);
          throw t;
        }
      }
    }
    restore(interrupted);
    return came;
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
