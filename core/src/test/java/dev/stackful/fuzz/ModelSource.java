package dev.stackful.fuzz;

/** What elements are taken from, in the model. */
interface ModelSource {
  /** Gives the caller "true" or "false", or throws. */
  void ask(ModelThread caller);

  /** Gives the caller the element that was asked for, or throws. */
  void take(ModelThread caller);

  /** Whether it is closed when it was taken from. */
  boolean isCloseable();

  /** Closes it: gives, or throws. */
  void closeBy(ModelThread caller);
}
