package dev.stackful.internal.engine;

import java.time.Duration;

/** The system properties that tune the engines. */
public final class Settings {
  /** After how many seconds without use an idle stack's thread ends; 10 by default. */
  static final String IDLE_SECONDS = "stackful.idleSeconds";

  /** More than any program runs, and its nanoseconds fit a long. */
  private static final long MOST_IDLE_SECONDS = 1_000_000_000;

  /** Whether the watchdog looks: true, false, or after how many milliseconds each time. */
  static final String WATCHDOG = "stackful.watchdog";

  private static final long WATCHDOG_MILLIS = 1_000;

  /** Whether threads that pass a baton spin for a while before they park: true or false. */
  static final String SPIN = "stackful.spin";

  /** Whether to reach for the maps of thread-locals: true or false. */
  static final String THREAD_LOCALS = "stackful.threadLocals";

  /** Whether it is remembered where each coroutine was made: true or false. */
  static final String LEAKS = "stackful.leaks";

  private Settings() {}

  /**
   * How long the watchdog waits between two looks; 0 if there is to be none.
   *
   * @throws IllegalArgumentException if the property says anything else
   */
  public static long watchdogNanos() {
    String given = System.getProperty(WATCHDOG, "false").strip();
    if (given.isEmpty() || given.equalsIgnoreCase("true")) {
      return Duration.ofMillis(WATCHDOG_MILLIS).toNanos();
    }
    if (given.equalsIgnoreCase("false")) {
      return 0;
    }
    try {
      int millis = Integer.parseInt(given);
      if (millis > 0) {
        return Duration.ofMillis(millis).toNanos();
      }
    } catch (NumberFormatException e) {
      // the same complaint
    }
    throw new IllegalArgumentException(
        "the system property "
            + WATCHDOG
            + " must be true, false or a whole number of milliseconds from 1: "
            + given);
  }

  /** Whether the maps of thread-locals are reached for, where that works. */
  static boolean reachesThreadLocals() {
    return !System.getProperty(THREAD_LOCALS, "true").strip().equalsIgnoreCase("false");
  }

  /** Whether each coroutine remembers where it was made, and tells if it is found abandoned. */
  public static boolean looksForLeaks() {
    String given = System.getProperty(LEAKS, "false").strip();
    return given.isEmpty() || given.equalsIgnoreCase("true");
  }

  static boolean spins() {
    return !System.getProperty(SPIN, "true").strip().equalsIgnoreCase("false")
        && Runtime.getRuntime().availableProcessors() > 1;
  }

  static long idleStackNanos() {
    long seconds = Long.getLong(IDLE_SECONDS, 10);
    if (seconds < 1 || seconds > MOST_IDLE_SECONDS) {
      throw new IllegalArgumentException(
          "the system property "
              + IDLE_SECONDS
              + " must be a whole number of seconds from 1 to "
              + MOST_IDLE_SECONDS
              + ": "
              + seconds);
    }
    return Duration.ofSeconds(seconds).toNanos();
  }
}
