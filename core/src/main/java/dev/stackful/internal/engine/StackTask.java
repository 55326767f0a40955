package dev.stackful.internal.engine;

import org.jspecify.annotations.Nullable;

/** What runs on a {@link CoroutineStack}: the inner half of a coroutine. */
public interface StackTask {
  /**
   * The body, start to end. Called on the stack's own thread. It throws nothing: where the call
   * itself fails, it is made again.
   */
  void run();

  /**
   * Called on the stack's own thread after {@link #run}: another may go on in its place.
   *
   * @return the stack that goes on, claimed: the task's own, which has another task now; or one to
   *     which it is {@linkplain CoroutineStack#canEndBy to end by a switch}; null if whoever
   *     entered it goes on
   */
  default @Nullable CoroutineStack successor() {
    return null;
  }

  /** For people. */
  String name();

  /** What it runs, by which the fibers' runtime knows its own; null after the end. */
  default @Nullable Object body() {
    return null;
  }

  /** Whether it has ended, and whoever came back from it has no more to do with its stack. */
  boolean isDone();

  /**
   * Claims the task while it is suspended, for a moment: a thread that wants to resume it waits.
   *
   * @return whether the caller now holds the claim
   */
  boolean tryHold();

  /** Gives back a claim that {@link #tryHold} gave. */
  void unhold();

  /**
   * Interrupts the task's thread in place of the calling one, which has entered it and waits.
   *
   * @return whether the task wants that; if not, the interrupt stays the caller's
   */
  default boolean takeInterruptOfCaller() {
    return false;
  }

  /** The same for an interrupt that has reached whoever entered, if one has. From any thread. */
  default void passOnInterruptOfResumer() {}
}
