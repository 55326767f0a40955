package dev.stackful.internal.engine;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two threads that take turns: a stack's thread, and whoever resumes it. One runs while the other
 * is parked, so that it looks as if one had called the other.
 *
 * <p>The turn is a volatile field: all that a side did before it gave the turn away happens-before
 * what the other does with it. An interrupt ends {@link LockSupport#park} at once and for ever
 * after, so it is taken while waiting and given back afterwards: the waiting itself can't be
 * interrupted.
 *
 * <p>To park may fail, in spite of all headroom: to unmount a virtual thread, HotSpot recurses over
 * its frames, so that a deep stack overflows there, when the turn is given away already. Then it is
 * taken back, and the error comes out. If the other side has noticed it first, it runs, and this
 * side must wait, if need be by spinning. So the two never run at once, and none waits for a
 * carrier that a spinning one holds: whoever runs has got one.
 */
final class Handoff {
  /** Who entered a stack and waits for it, or for the one that it has transferred to. */
  @SuppressWarnings("serial") // it holds what came back until that is noticed; nobody serializes it
  private static final class Resumer extends AtomicReference<@Nullable CoroutineStack> {
    private final Thread thread = Thread.currentThread();

    /** Whose thread has the turn, or had it last. */
    private volatile @Nullable CoroutineStack running;

    boolean takeInterruptOfCaller() {
      CoroutineStack stack = running;
      StackTask task = stack == null || get() != null ? null : stack.task();
      return task != null && task.takeInterruptOfCaller();
    }

    @Nullable CoroutineStack notice() {
      return get() == null ? null : getAndSet(null);
    }
  }

  /** The stack's thread may run, and hasn't noticed. In neither state, it waits. */
  private static final int GIVEN = 1;

  /** It has noticed, and runs. */
  private static final int TAKEN = 2;

  /** What of a turn is its state. The rest is its number, which tells it from a later one. */
  private static final int STATE = 3;

  private final CoroutineStack stack;
  private final AtomicInteger turn = new AtomicInteger();
  private @Nullable Resumer resumer;

  Handoff(CoroutineStack stack) {
    this.stack = stack;
  }

  /** Called by the resumer: gives the stack's thread the turn and waits for who comes back. */
  CoroutineStack enter() {
    Resumer me = new Resumer();
    Headroom.ensure(); // here nothing has been given yet
    int given = give(me);
    boolean told = false;
    boolean interrupted = false;
    CoroutineStack cameBack;
    while ((cameBack = me.notice()) == null) {
      try {
        if (!told) {
          LockSupport.unpark(stack.thread());
          told = true;
        }
        LockSupport.park(this);
        if (Thread.interrupted()) {
          boolean before = interrupted;
          interrupted = true; // it isn't lost if what comes now fails
          boolean taken = me.takeInterruptOfCaller();
          interrupted = before || !taken;
        }
      } catch (Throwable t) {
        if (turn.compareAndSet(given, given & ~STATE)) {
          restore(interrupted);
          throw t;
        }
      }
    }
    restore(interrupted);
    return cameBack;
  }

  /** Gives a turn, whose thread has to be unparked then, and returns it. */
  private int give(Resumer who) {
    resumer = who;
    who.running = stack;
    int given = ((turn.get() | STATE) + 1) | GIVEN;
    turn.set(given);
    return given;
  }

  /** Gives the turn up, without having given it to anybody. */
  private Resumer takeResumer() {
    Resumer who = Objects.requireNonNull(resumer, "nobody entered");
    resumer = null;
    // Before the other side can know: it may give the turn again at once.
    turn.set(turn.get() & ~STATE);
    return who;
  }

  /** The turn that was given away is ours again: the other side had not noticed it. */
  private void resume(Resumer who, boolean interrupted) {
    resumer = who;
    turn.set(turn.get() | TAKEN);
    restore(interrupted);
  }

  /** Called by the stack's thread: gives the turn back and waits for the next. */
  void leave() {
    Headroom.ensure();
    Resumer who = takeResumer();
    who.set(stack);
    boolean told = false;
    boolean interrupted = false;
    while (!noticeTurn()) {
      try {
        if (!told) {
          LockSupport.unpark(who.thread);
          told = true;
        }
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      } catch (Throwable t) {
        if (who.compareAndSet(stack, null)) {
          resume(who, interrupted);
          throw t;
        }
      }
    }
    restore(interrupted);
  }

  /** Called by the stack's thread when it will not wait again: gives the turn back. */
  void end() {
    Resumer who = takeResumer();
    who.set(stack);
    LockSupport.unpark(who.thread);
  }

  /** Called by the stack's thread: gives the turn to another, and waits for the next. */
  void transferTo(Handoff target) {
    Headroom.ensure();
    Resumer who = takeResumer();
    int given = target.give(who);
    boolean told = false;
    boolean interrupted = false;
    while (!noticeTurn()) {
      try {
        if (!told) {
          LockSupport.unpark(target.stack.thread());
          told = true;
        }
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      } catch (Throwable t) {
        if (target.turn.compareAndSet(given, given & ~STATE)) {
          resume(who, interrupted);
          throw t;
        }
      }
    }
    restore(interrupted);
  }

  /** Called by the stack's thread: waits for its first turn. */
  void awaitTurn() {
    boolean interrupted = false;
    while (!noticeTurn()) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    restore(interrupted);
  }

  private boolean noticeTurn() {
    int seen = turn.get();
    return (seen & STATE) == GIVEN && turn.compareAndSet(seen, (seen & ~STATE) | TAKEN);
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
