package dev.stackful.internal.fiber;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Leaves of a fiber's stack trace what its body called, down to the operation that suspended it.
 */
public final class FiberFrames {
  /** The classes whose frames stand on a fiber's stack above or below its body. */
  private static final Set<String> HIDDEN = ConcurrentHashMap.newKeySet();

  private FiberFrames() {}

  /**
   * Called by a class with operations that suspend, when it is initialised: its frames and those of
   * its nested classes are the library's.
   */
  public static void hide(Class<?> type) {
    HIDDEN.add(type.getName());
  }

  static StackTraceElement[] of(StackTraceElement[] trace) {
    int from = 0;
    int to = trace.length;
    while (from + 1 < to && isHidden(trace[from + 1])) {
      from++; // of our frames on top, the last is what the body called
    }
    while (from < to && isHidden(trace[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(trace, from, to);
  }

  private static boolean isHidden(StackTraceElement frame) {
    String name = frame.getClassName();
    int nested = name.indexOf('$');
    return HIDDEN.contains(nested < 0 ? name : name.substring(0, nested));
  }
}
