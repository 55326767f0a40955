package dev.stackful.internal.engine;

import dev.stackful.internal.os.MappingBudget;
import dev.stackful.internal.os.ResourceLimits;
import java.util.Optional;

/** How many stacks this machine allows. */
final class StackLimits {
  /** Reading the mappings takes milliseconds at 60,000 of them, so not for every stack. */
  private static final int CHECK_EVERY = 128;

  /** A thread's stack and its two guard zones, with what the C library adds to a new arena. */
  private static final long MAPPINGS_PER_STACK = 2;

  private static final MappingBudget MAPPINGS = new MappingBudget(CHECK_EVERY, MAPPINGS_PER_STACK);

  private StackLimits() {}

  /**
   * Refuses a new stack where the process is about to run out of mappings.
   *
   * @throws StackLimitException with the limit in words
   */
  static void check() {
    Optional<String> refusal = MAPPINGS.refusal(1);
    if (refusal.isPresent()) {
      throw new StackLimitException(
          refusal.get()
              + " Raise it (sysctl vm.max_map_count), close coroutines that are suspended, or use"
              + " the engine VIRTUAL_THREAD");
    }
  }

  /** A thread could not be started. */
  static StackLimitException reached(OutOfMemoryError cause) {
    return new StackLimitException(
        "no more stacks: the system refuses another thread ("
            + cause.getMessage()
            + "). Its limits: "
            + String.join(", ", ResourceLimits.describeThreadLimits())
            + ", ulimit -v. Raise the one that is reached, close coroutines that are"
            + " suspended, or use the engine VIRTUAL_THREAD",
        cause);
  }
}
