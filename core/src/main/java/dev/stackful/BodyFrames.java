package dev.stackful;

import java.util.Arrays;

/** Leaves of a coroutine's stack trace what its body called. */
final class BodyFrames {
  private BodyFrames() {}

  static StackTraceElement[] of(StackTraceElement[] trace) {
    int from = 0;
    int to = trace.length;
    for (int i = 0; i < trace.length; i++) {
      String type = trace[i].getClassName();
      String method = trace[i].getMethodName();
      if (type.equals(CoroutineCore.class.getName())) {
        if ((method.equals("yield") || method.equals("transferTo")) && from == 0) {
          from = i + 1;
        } else if (method.equals("run")) {
          to = i;
          break;
        }
      }
    }
    while (from < to && isOurs(trace[from])) {
      from++;
    }
    while (from < to && isOurs(trace[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(trace, from, to);
  }

  private static boolean isOurs(StackTraceElement frame) {
    return frame.getClassName().equals(GeneratorIterator.class.getName());
  }
}
