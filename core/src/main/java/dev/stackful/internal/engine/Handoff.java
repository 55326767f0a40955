package dev.stackful.internal.engine;

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
  private volatile boolean stackTurn;
  private @Nullable Thread resumer;

  /** Called by the resumer: gives the stack's thread the turn and waits to get it back. */
  void enter(Thread stackThread) {
    resumer = Thread.currentThread();
    stackTurn = true;
    LockSupport.unpark(stackThread);
    await(false);
  }

  /** Called by the stack's thread: gives the turn back and waits for the next. */
  void leave() {
    end();
    awaitTurn();
  }

  /** Called by the stack's thread when it will not wait again: gives the turn back. */
  void end() {
    Thread waiting = resumer;
    resumer = null;
    stackTurn = false;
    LockSupport.unpark(waiting);
  }

  /** Called by the stack's thread: waits for its first turn. */
  void awaitTurn() {
    await(true);
  }

  private void await(boolean turn) {
    boolean interrupted = false;
    while (stackTurn != turn) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
