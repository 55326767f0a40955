package dev.stackful.benchmarks;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The same as {@link Echo} by two threads that take turns, written by hand: one volatile field,
 * park and unpark, and nothing else, so that it is the least that such a handover costs.
 */
final class ThreadEcho {
  private final long yields;
  private final Thread thread;
  private Object transfer = this;
  private @Nullable Thread resumer;
  private volatile boolean threadsTurn;

  /** Starts the thread, which waits for its first turn. */
  ThreadEcho(Thread.Builder builder, long yields) {
    this.yields = yields;
    this.thread = builder.unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  Object resume(Object value) {
    resumer = Thread.currentThread();
    transfer = value;
    threadsTurn = true;
    LockSupport.unpark(thread);
    while (threadsTurn) {
      LockSupport.park();
    }
    return transfer;
  }

  private void run() {
    for (long i = 0; i < yields; i++) {
      awaitTurn();
      giveBack();
    }
    awaitTurn();
    giveBack();
  }

  private void awaitTurn() {
    while (!threadsTurn) {
      LockSupport.park();
    }
  }

  private void giveBack() {
    Thread waiting = resumer;
    threadsTurn = false;
    LockSupport.unpark(waiting);
  }
}
