package dev.stackful.fiber;

/** What a fiber waits for. */
interface Blocker {
  /** The fiber will wait no longer, as it was cancelled: nothing may wake it any more. */
  void withdraw(Fiber<?> fiber);

  /** Whether whatever the fiber waits for would find it, and wake it when it comes. */
  boolean isSet();

  /** Says it in a few words, for people and for traces: the same words in each run of a program. */
  String describe();
}
