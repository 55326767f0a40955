package dev.stackful.fiber;

import java.util.concurrent.locks.LockSupport;

/** Real time. */
enum SystemClock implements FiberClock {
  INSTANCE;

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void parkUntil(long deadlineNanos) {
    LockSupport.parkNanos(this, deadlineNanos - System.nanoTime());
  }
}
