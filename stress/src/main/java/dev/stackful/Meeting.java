package dev.stackful;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two actors of one state meet again and again, so that what they do next is done at once. jcstress
 * sees to that once for a state, which takes longer to make than most of what is done with it.
 */
public final class Meeting {
  private static final int SPINS = 1_000;

  private final AtomicInteger arrivals = new AtomicInteger();

  /**
   * Called by both for each meeting, in turn: waits for the other, but not for ever, as there may be
   * one processor only.
   *
   * @param number the meeting's, from 0
   */
  public void arrive(int number) {
    arrivals.incrementAndGet();
    for (int spins = 0; spins < SPINS && arrivals.get() < 2 * (number + 1); spins++) {
      Thread.onSpinWait();
    }
  }
}
