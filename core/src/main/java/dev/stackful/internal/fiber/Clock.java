package dev.stackful.internal.fiber;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** The time of one runtime, counted from when it was made, and the way to wait for it. */
public final class Clock {
  /** What is no deadline. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final long LAST_DEADLINE = NEVER - 1;

  private final LongSupplier nanoTime;
  private final LongConsumer parkUntil;
  private final long startNanos;

  /**
   * Makes one that starts now.
   *
   * @param nanoTime tells the time
   * @param parkUntil waits until a time, or shorter
   */
  public Clock(LongSupplier nanoTime, LongConsumer parkUntil) {
    this.nanoTime = nanoTime;
    this.parkUntil = parkUntil;
    this.startNanos = nanoTime.getAsLong();
  }

  /** The time, since an origin that isn't the start. */
  public long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Waits until a time, or shorter. */
  public void parkUntil(long deadlineNanos) {
    parkUntil.accept(deadlineNanos);
  }

  /** The time since the start. */
  public Duration sinceStart(long nanos) {
    return Duration.ofNanos(nanos - startNanos);
  }

  long sinceStartNanos() {
    return nanoTime() - startNanos;
  }

  /** The time when a duration from now ends. */
  public long deadline(Duration duration) {
    long now = nanoTime();
    long deadline = now + TimeUnit.NANOSECONDS.convert(duration);
    return deadline < now ? LAST_DEADLINE : Math.min(deadline, LAST_DEADLINE);
  }
}
