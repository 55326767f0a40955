package dev.stackful;

import dev.stackful.io.ByteSource;
import java.util.Arrays;
import java.util.Set;

/**
 * Cuts a coroutine's stack trace down to what its body called: without the frames above, by which
 * this library suspends it or resumes another for it, and without those below, which started it.
 */
final class BodyFrames {
  private static final String CORE = CoroutineCore.class.getName();

  /** The classes, with those nested in them, that stand between a core and the code of users. */
  private static final Set<String> OURS =
      Set.of(
          CORE,
          Coroutine.class.getName(),
          Generator.class.getName(),
          GeneratorIterator.class.getName(),
          Sink.class.getName(),
          SinkRun.class.getName(),
          Transducer.class.getName());

  private static final String OUR_STREAMS = ByteSource.class.getPackageName() + ".";

  private BodyFrames() {}

  static StackTraceElement[] of(StackTraceElement[] trace) {
    int to = trace.length - 1;
    while (to >= 0 && !(isCore(trace[to]) && trace[to].getMethodName().equals("runBody"))) {
      to--;
    }
    if (to < 0) {
      return new StackTraceElement[0]; // the body has not begun, or is over
    }
    int from = to;
    while (from > 0 && !isCore(trace[from - 1])) {
      from--;
    }
    while (from < to && isOurs(trace[from])) {
      from++;
    }
    while (from < to && isOurs(trace[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(trace, from, to);
  }

  private static boolean isCore(StackTraceElement frame) {
    return frame.getClassName().equals(CORE);
  }

  private static boolean isOurs(StackTraceElement frame) {
    String type = frame.getClassName();
    int nested = type.indexOf('$');
    return OURS.contains(nested < 0 ? type : type.substring(0, nested))
        || type.startsWith(OUR_STREAMS);
  }
}
