package dev.stackful.internal.context;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Guards a few list operations and system calls that never block.
 *
 * <p>It spins, where a monitor would be a deadlock: that is handed on to whoever waits first, which
 * may be a virtual thread without a carrier, while on all carriers coroutines run that wait next.
 */
final class SpinLock {
  private final AtomicInteger held = new AtomicInteger();

  @SuppressWarnings("ThreadPriorityCheck") // lets the holder run, where there is one processor
  void lock() {
    while (held.get() != 0 || !held.compareAndSet(0, 1)) {
      Thread.yield();
    }
  }

  void unlock() {
    held.setRelease(0);
  }
}
