package dev.stackful.internal.engine;

import java.util.Objects;
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
 */
final class Handoff {
  /** Who entered a stack and waits for it, or for the one that it has transferred to. */
  private static final class Resumer {
    private final Thread thread = Thread.currentThread();
    private volatile @Nullable CoroutineStack cameBack;

    /** Waits whatever happens: the other side runs, and must not be left alone with the turn. */
    CoroutineStack await() {
      boolean interrupted = false;
      CoroutineStack stack;
      while ((stack = cameBack) == null) {
        try {
          LockSupport.park(this);
          interrupted |= Thread.interrupted();
        } catch (Throwable t) {
          // no stack or no memory to park with: look again
        }
      }
      restore(interrupted);
      return stack;
    }

    void comeBack(CoroutineStack stack) {
      cameBack = stack;
      LockSupport.unpark(thread);
    }
  }

  private final CoroutineStack stack;
  private volatile boolean turn;
  private @Nullable Resumer resumer;

  Handoff(CoroutineStack stack) {
    this.stack = stack;
  }

  /** Called by the resumer: gives the stack's thread the turn and waits for who comes back. */
  CoroutineStack enter() {
    Resumer me = new Resumer();
    Headroom.ensure(); // once the turn is given it can't be taken back
    give(me);
    return me.await();
  }

  private void give(Resumer who) {
    resumer = who;
    turn = true;
    LockSupport.unpark(stack.thread());
  }

  /** Gives the turn up, without having given it to anybody. */
  private Resumer takeResumer() {
    Resumer who = Objects.requireNonNull(resumer, "nobody entered");
    resumer = null;
    // Before the other side can know: it may give the turn again at once.
    turn = false;
    return who;
  }

  /** Called by the stack's thread: gives the turn back and waits for the next. */
  void leave() {
    Headroom.ensure();
    end();
    awaitTurn();
  }

  /** Called by the stack's thread when it will not wait again: gives the turn back. */
  void end() {
    takeResumer().comeBack(stack);
  }

  /** Called by the stack's thread: gives the turn to another, and waits for the next. */
  void transferTo(Handoff target) {
    Headroom.ensure();
    target.give(takeResumer());
    awaitTurn();
  }

  /** Called by the stack's thread: waits for its first turn. */
  void awaitTurn() {
    boolean interrupted = false;
    while (!turn) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    restore(interrupted);
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
