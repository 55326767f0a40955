package dev.stackful.internal.fiber;

/** Ends a fiber's wait at a time. It serves one wait after the other. */
public final class Alarm extends Timer implements Blocker {
  private final FiberCore fiber;
  private final TimerQueue timers;
  private final Clock clock;

  /** The number of the wait that it ends. */
  private long wait;

  Alarm(FiberCore fiber, TimerQueue timers, Clock clock) {
    this.fiber = fiber;
    this.timers = timers;
    this.clock = clock;
  }

  /**
   * Sets it, for a wait that is about to begin.
   *
   * @param wait the number of the wait, by {@link FiberCore#newWait}
   * @param deadlineNanos when
   */
  public void set(long wait, long deadlineNanos) {
    leave(); // an error may have kept it in the queue
    this.wait = wait;
    timers.add(this, deadlineNanos);
  }

  @Override
  void fire() {
    fiber.resume(wait, this);
  }

  @Override
  public void leave() {
    timers.remove(this);
  }

  @Override
  public String describe() {
    return "sleep until " + clock.sinceStart(deadlineNanos);
  }
}
