package dev.stackful.internal.engine;

import dev.stackful.internal.os.ProcessMaps;
import dev.stackful.internal.os.ResourceLimits;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/** How many stacks this machine allows. */
final class StackLimits {
  /**
   * Mappings left for the JVM itself. At the very limit its own mmap would fail, and HotSpot ends
   * the process when the collector or the compiler can't map; so we refuse before that.
   */
  private static final long MAPPINGS_FOR_THE_JVM = 4096;

  /** A thread's stack and its two guard zones, with what the C library adds to a new arena. */
  private static final long MAPPINGS_PER_STACK = 2;

  /** Reading the mappings takes milliseconds at 60,000 of them, so not for every stack. */
  private static final int CHECK_EVERY = 128;

  /** Not behind a lock: see {@link NativeEngine}. */
  private static final AtomicInteger UNTIL_CHECK = new AtomicInteger();

  private StackLimits() {}

  /**
   * Refuses a new stack where the process is about to run out of mappings.
   *
   * @throws StackLimitException with the limit in words
   */
  static void check() {
    if (UNTIL_CHECK.getAndDecrement() > 0) {
      return;
    }
    OptionalLong limit = ResourceLimits.maxMapCount();
    OptionalLong used = ProcessMaps.count();
    if (limit.isPresent() && used.isPresent()) {
      long needed = CHECK_EVERY * MAPPINGS_PER_STACK + MAPPINGS_FOR_THE_JVM;
      if (used.getAsLong() + needed > limit.getAsLong()) {
        UNTIL_CHECK.set(0);
        throw new StackLimitException(
            "no more stacks: the process has "
                + used.getAsLong()
                + " memory mappings of the "
                + limit.getAsLong()
                + " that vm.max_map_count allows, and the JVM needs the rest. Raise it (sysctl"
                + " vm.max_map_count), close coroutines that are suspended, or use the engine"
                + " VIRTUAL_THREAD");
      }
    }
    UNTIL_CHECK.set(CHECK_EVERY);
  }

  /** A thread could not be started. */
  static StackLimitException reached(OutOfMemoryError cause) {
    return new StackLimitException(
        "no more stacks: the system refuses another thread ("
            + cause.getMessage()
            + "). Its limits: "
            + String.join(", ", ResourceLimits.describeThreadLimits())
            + ", ulimit -u, ulimit -v. Raise the one that is reached, close coroutines that are"
            + " suspended, or use the engine VIRTUAL_THREAD",
        cause);
  }
}
