package dev.stackful.internal.engine;

/** What runs on a {@link CoroutineStack}: the inner half of a coroutine. */
public interface StackTask {
  /** The body, start to end. Called on the stack's own thread; must not throw. */
  void run();

  /**
   * Claims the task while it is suspended, as a resume does, without resuming it.
   *
   * @return whether the caller now holds the claim
   */
  boolean tryClaim();

  /** Gives back a claim that {@link #tryClaim} gave. */
  void unclaim();
}
