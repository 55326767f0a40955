package dev.stackful.fiber;

import java.util.Arrays;
import java.util.Set;

/**
 * Leaves of a fiber's stack trace what its body called, down to the operation that suspended it.
 */
final class FiberFrames {
  /** Who stands on a fiber's stack above or below its body. */
  private static final Set<String> OURS =
      Set.of(
          Awaiting.class.getName(),
          Channel.class.getName(),
          Channel.class.getName() + "$Receiver",
          Fiber.class.getName(),
          Fiber.class.getName() + "$Body",
          FiberScope.class.getName(),
          Scheduler.class.getName(),
          Select.class.getName());

  private FiberFrames() {}

  static StackTraceElement[] of(StackTraceElement[] trace) {
    int from = 0;
    int to = trace.length;
    while (from + 1 < to && isOurs(trace[from + 1])) {
      from++; // of our frames on top, the last is what the body called
    }
    while (from < to && isOurs(trace[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(trace, from, to);
  }

  private static boolean isOurs(StackTraceElement frame) {
    return OURS.contains(frame.getClassName());
  }
}
