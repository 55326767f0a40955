package dev.stackful.internal.watch;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's own thread dump, as {@code jcmd PID Thread.print} shows it, for the one thing that no
 * interface tells: which class a thread waits for to be initialized.
 */
final class ThreadPrint {
  /** Printed below the innermost frame (javaVFrame::print_lock_info_on in HotSpot's vframe.cpp). */
  private static final Pattern AWAITED =
      Pattern.compile("- waiting on the Class initialization monitor for (\\S+)");

  private final String text;

  ThreadPrint(String text) {
    this.text = text;
  }

  /** Takes a dump; an empty one where the JVM has no diagnostic commands. */
  static ThreadPrint take() {
    try {
      Object dump =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "threadPrint",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
      return new ThreadPrint(dump.toString());
    } catch (JMException e) {
      return new ThreadPrint("");
    }
  }

  /** The name of the class that a thread waits for to be initialized, if it does. */
  @Nullable String awaitedClass(long threadId) {
    int start = text.indexOf("\" #" + threadId + " ");
    if (start < 0) {
      return null;
    }
    int end = text.indexOf("\n\n", start);
    Matcher line = AWAITED.matcher(text).region(start, end < 0 ? text.length() : end);
    return line.find() ? line.group(1).replace('/', '.') : null;
  }
}
