package dev.stackful;

/**
 * What a resumer waits for. Its holder is the coroutine that will come back there: with each
 * transfer it goes to the target. So whoever keeps it through the wait needs no call to see which
 * one has.
 *
 * <p>Each coroutine is one, which it has at its first resume: an object of its own would be another
 * cache line to load. Another is made where it has handed that over and is resumed again.
 */
class Turn {
  /** Set before anybody waits. */
  @SuppressWarnings("NullAway.Init")
  CoroutineCore<?, ?> holder;
}
