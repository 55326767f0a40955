package dev.stackful.fiber;

import java.time.Duration;
import java.util.Objects;

/** What durations may be. */
final class Durations {
  private Durations() {}

  /** Refuses null and negative ones. */
  static Duration check(Duration duration, String name) {
    Objects.requireNonNull(duration, name);
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a duration must not be negative: " + duration);
    }
    return duration;
  }
}
