package dev.stackful.internal.engine;

/**
 * Makes a thread overflow its stack now, where nothing has happened yet, rather than a little later
 * in the middle of something that can't be undone.
 */
public final class Headroom {
  /**
   * More than {@link #FRAMES} take, however large, with the pages that HotSpot keeps below them.
   */
  static final long BYTES = 256 * 1024;

  /** Frames that are more than park, unpark and the scheduler of virtual threads need. */
  private static final int FRAMES = 150;

  /** Frames that are more than a few atomic operations need. */
  private static final int FEW_FRAMES = 20;

  private Headroom() {}

  /**
   * Returns if there is room.
   *
   * @throws StackOverflowError if there is not
   */
  public static void ensure() {
    if (Thread.currentThread() instanceof NativeStackThread thread
        && thread.stack().hasHeadroom()) {
      return;
    }
    if (descend(FRAMES, 1, 2, 3) == 0) {
      throw new AssertionError("the sum of the frames is positive");
    }
  }

  /**
   * The same for code that neither parks nor unparks: returns if there is a little room.
   *
   * @throws StackOverflowError if there is not
   */
  public static void ensureLittle() {
    if (descend(FEW_FRAMES, 1, 2, 3) == 0) {
      throw new AssertionError("the sum of the frames is positive");
    }
  }

  /** The locals make the frames larger, and using them afterwards keeps the frames. */
  private static long descend(int frames, long a, long b, long c) {
    if (frames == 0) {
      return a + b + c;
    }
    long below = descend(frames - 1, b + 1, c + 1, a + 1);
    return below + (a ^ b ^ c);
  }
}
