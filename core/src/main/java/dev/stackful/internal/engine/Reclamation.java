package dev.stackful.internal.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is tried at a limit, before a stack is refused. Suspended coroutines that nobody holds any
 * more may be what fills it, as the collector has no reason to run: it sees their heap only. So it
 * is made to, as java.nio does at the limit of direct memory, and what gets unwound then is waited
 * for.
 */
final class Reclamation {
  /** Keeps a program that stays at its limit from collecting garbage all the time. */
  private static final long AGAIN_NANOS = 2_000_000_000L;

  /** The last and longest of the waits that double; together half a second. */
  private static final int MOST_WAIT_MILLIS = 256;

  private volatile long lastNanos = System.nanoTime() - 2 * AGAIN_NANOS;
  private volatile boolean nothing;

  /**
   * Collects garbage, unless that was done just now, and waits until an attempt succeeds.
   *
   * @param attempt gives null where it fails
   * @return what it gave; null where it failed to the end
   */
  <T> @Nullable T until(Supplier<@Nullable T> attempt) {
    if (System.nanoTime() - lastNanos > AGAIN_NANOS) {
      lastNanos = System.nanoTime();
      System.gc();
    } else if (nothing) {
      return null;
    }
    boolean interrupted = false;
    try {
      for (int millis = 1; millis <= MOST_WAIT_MILLIS; millis *= 2) {
        interrupted |= Thread.interrupted(); // or it would not wait
        LockSupport.parkNanos(millis * 1_000_000L);
        T given = attempt.get();
        if (given != null) {
          nothing = false;
          return given;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    nothing = true;
    return null;
  }
}
