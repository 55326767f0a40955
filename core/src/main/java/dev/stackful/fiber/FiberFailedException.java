package dev.stackful.fiber;

/**
 * Tells that a fiber ended by throwing; the {@linkplain #getCause() cause} is what it threw. It
 * comes out of {@link Fiber#join}, of {@link FiberScope#join} and, if nobody joined the fiber, of
 * {@link FiberRuntime#run}; there the failures of further fibers are {@linkplain #getSuppressed()
 * suppressed}.
 *
 * @since 0.1.0
 */
public final class FiberFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param who threw, in words
   */
  FiberFailedException(String who, Throwable cause) {
    super(who + " threw " + cause, cause);
  }
}
