package dev.stackful.fiber;

import java.time.Duration;

/**
 * Tells that something took longer than it was given: by {@link Fiber#timeout} or {@link
 * Fiber#runWithin}, by a {@link Fiber#joinWithin join} or an {@link
 * Fiber#await(java.util.concurrent.CompletionStage, Duration) await} with a duration, or by a
 * {@link FiberScope} with a time-out.
 *
 * @since 0.1.0
 */
public final class FiberTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param what took too long, in words
   */
  FiberTimeoutException(String what, Duration limit) {
    super(what + " took longer than " + limit);
  }
}
