package dev.stackful.internal.engine;

import java.time.Duration;

/** The system properties that tune the engines. */
public final class Settings {
  /** After how many seconds without use an idle stack's thread ends; 10 by default. */
  static final String IDLE_SECONDS = "stackful.idleSeconds";

  private Settings() {}

  static long idleStackNanos() {
    Long seconds = Long.getLong(IDLE_SECONDS, 10);
    if (seconds < 1) {
      throw new IllegalArgumentException(
          "the system property " + IDLE_SECONDS + " must be a whole number of seconds from 1");
    }
    return Duration.ofSeconds(seconds).toNanos();
  }
}
