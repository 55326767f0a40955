package dev.stackful;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the stack trace of what leaves a body tell the whole story: the body's frames, a line with
 * the coroutine's name, and the frames of whoever resumed it, as if that had called the body.
 *
 * <pre>{@code
 * java.lang.IllegalStateException: no more sugar
 *     at Kitchen.cook(Kitchen.java:31)
 *     at coroutine.cook(resumed by)
 *     at dev.stackful.Coroutine.resume(Coroutine.java:190)
 *     at Kitchen.main(Kitchen.java:12)
 * }</pre>
 *
 * <p>With nested coroutines each adds the frames of its own resumer, in place of those at the base
 * of that one's thread. A trace that doesn't begin at the base of the coroutine's thread stays as
 * it is: the exception has none, or was made elsewhere, or was thrown before.
 *
 * <p>It asks for two stack traces, once in the life of a coroutine: some 5 µs where the resumer
 * stands 15 calls deep, 15 µs at 100 (x86-64). An exception without one costs nothing.
 */
final class WholeTrace {
  private static final String CORE = CoroutineCore.class.getName();

  /** More than there are below a body: of this library, of a scoped value's block, of a thread. */
  private static final int MOST_BASE_FRAMES = 20;

  private WholeTrace() {}

  /**
   * Called by the resumer. Changes nothing where that fails.
   *
   * @param thrown what has left the body of {@code coroutine}
   */
  static void tell(Throwable thrown, CoroutineCore<?, ?> coroutine) {
    try {
      StackTraceElement[] trace = thrown.getStackTrace();
      int body = bodyFrames(trace);
      if (body >= 0) {
        List<StackTraceElement> whole = new ArrayList<>(Arrays.asList(trace).subList(0, body));
        whole.add(new StackTraceElement("coroutine", coroutine.name(), "resumed by", -1));
        Arrays.stream(new Throwable().getStackTrace())
            .dropWhile(WholeTrace::isInside)
            .forEach(whole::add);
        thrown.setStackTrace(whole.toArray(StackTraceElement[]::new));
      }
    } catch (RuntimeException | Error e) {
      // no memory, say, or an exception with a getStackTrace of its own
    }
  }

  /** How many of the frames are the body's; -1 if its base isn't that of the trace. */
  private static int bodyFrames(StackTraceElement[] trace) {
    int last = Math.max(0, trace.length - MOST_BASE_FRAMES);
    for (int i = trace.length - 1; i >= last; i--) {
      if (trace[i].getClassName().equals(CORE) && trace[i].getMethodName().equals("runBody")) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isInside(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.equals(CORE) || type.equals(WholeTrace.class.getName());
  }
}
