package dev.stackful.internal.fiber;

/** Something to do at a time. */
abstract class Timer {
  /** The place of a timer that is in no queue. */
  static final int NOT_SET = -1;

  /** When, while it is set. The queue's, as are the others. */
  long deadlineNanos;

  /** Among equal deadlines, the lower goes first. */
  long sequence;

  /** Where it is in the heap of the {@link TimerQueue}. */
  int place = NOT_SET;

  /**
   * Called when the time has come. If it throws, it is called again: it must have changed nothing
   * then.
   */
  abstract void fire();
}
