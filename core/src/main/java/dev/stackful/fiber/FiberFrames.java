package dev.stackful.fiber;

import java.util.Arrays;

/**
 * Leaves of a fiber's stack trace what its body called, down to the operation that suspended it.
 */
final class FiberFrames {
  private static final String PACKAGE = FiberFrames.class.getPackageName() + ".";

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
    String type = frame.getClassName();
    return type.startsWith(PACKAGE)
        && !type.endsWith("Test")
        && !type.contains("Test$")
        && !type.contains("Contract");
  }
}
