package dev.stackful.internal.engine;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether one side of a {@link Handoff} should spin for a while before it parks: learned from
 * whether that has paid.
 *
 * <p>Where both sides have a processor, and neither runs for long, the baton is back within a
 * microsecond; to park and to be unparked takes twenty to fifty. Where they don't, spinning takes
 * away the processor that the other side may need. So each time that it was in vain the side parks
 * at once for a while, twice as often as the last time, up to {@link #MOST_SKIPPED} times; each
 * time that it pays, it takes some of that back. A side that always spins in vain does so in one of
 * a thousand waits, and one that pays again finds that out after a thousand.
 *
 * <p>The fields are plain. Most of the time one thread uses them, as it waits on this side; where
 * two do, after a transfer, a lost update makes no difference.
 */
final class SpinPolicy {
  /** How long to spin for a thread that is awake: less than it takes to park and be unparked. */
  static final long AWAKE_NANOS = 20_000;

  /** How long to spin for one that has to be unparked first. */
  static final long ASLEEP_NANOS = 50_000;

  private static final int MOST_SKIPPED = 1023;

  /** A virtual thread gives its carrier to others at least after so many waits. */
  private static final int MOST_SPINS_OF_VIRTUAL = 1024;

  private static final int PAID_TO_HALVE = 256;

  private static final boolean ON = Settings.spins();

  /**
   * How many carriers the virtual threads have. One that spins on the only one would keep another
   * virtual thread from running.
   */
  private static final int CARRIERS =
      Integer.getInteger(
          "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());

  /** What the sides of earlier handoffs have learned, for those that are new. */
  static final class Experience {
    private int skipped;
  }

  private final Experience experience;

  /** How many waits park at once after the next one that spins in vain, about half of it. */
  private int skipped;

  /** How many of these are left. */
  private int left;

  private int inARow;
  private int spinsOfVirtual;

  SpinPolicy(Experience experience) {
    this.experience = experience;
    this.skipped = experience.skipped;
    // A coroutine may live for a few waits only. So one of many begins by spinning.
    this.left = skipped == 0 ? 0 : ThreadLocalRandom.current().nextInt(skipped + 1);
  }

  /** Whether to spin in the wait that begins. */
  boolean spins(Thread waiter, Thread other) {
    if (left > 0) {
      left--;
      return false;
    }
    if (!ON) {
      return false;
    }
    if (!waiter.isVirtual()) {
      return true;
    }
    if (CARRIERS == 1 && other.isVirtual()) {
      return false;
    }
    if (++spinsOfVirtual == MOST_SPINS_OF_VIRTUAL) {
      // Two that spin for each other would keep their carriers for ever. To yield is not enough:
      // the scheduler may go on with those that yield, and never get to one that was unparked.
      spinsOfVirtual = 0;
      return false;
    }
    return true;
  }

  /** The baton came while this side was spinning. */
  void paid() {
    if (skipped > 0 && ++inARow == PAID_TO_HALVE) {
      inARow = 0;
      skipped /= 2;
      experience.skipped = skipped;
    }
  }

  /** It did not. */
  void wasInVain() {
    inARow = 0;
    skipped = Math.min(2 * skipped + 1, MOST_SKIPPED);
    left = skipped;
    experience.skipped = skipped;
  }
}
