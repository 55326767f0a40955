package dev.stackful.fiber;

/** Something to do at a time: as it stands, to wake a fiber that sleeps. */
class Timer implements Blocker {
  /** The place of a timer that is in no queue. */
  static final int NOT_SET = -1;

  final Fiber<?> fiber;
  long deadlineNanos;

  /** Among equal deadlines, the lower goes first. */
  long sequence;

  /** Where it is in the heap of the {@link TimerQueue}. */
  int place = NOT_SET;

  Timer(Fiber<?> fiber) {
    this.fiber = fiber;
  }

  /** Its time has come, and it is in the queue no more. */
  void fire() {
    if (fiber.blocker == this) {
      fiber.scheduler.wake(fiber);
    }
  }

  @Override
  public void withdraw(Fiber<?> sleeper) {
    sleeper.scheduler.timers.remove(this);
  }

  @Override
  public boolean isSet() {
    return place != NOT_SET;
  }

  @Override
  public String describe() {
    return "sleep until " + fiber.scheduler.sinceStart(deadlineNanos);
  }
}
