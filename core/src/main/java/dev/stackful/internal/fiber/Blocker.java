package dev.stackful.internal.fiber;

/** What a fiber waits for: the places where it can be found while it waits. */
public interface Blocker {
  /**
   * Leaves the places that the fiber is still in. Called by the fiber, when the wait is over. A
   * place that it could not leave is passed over by whoever finds it.
   */
  void leave();

  /** Says it in a few words, for people and for traces: the same words in each run of a program. */
  String describe();

  /** Says also what keeps it, for a report of a deadlock. */
  default String explain() {
    return describe();
  }
}
