package dev.stackful.fiber;

/**
 * Tells that a fiber ended by throwing; the {@linkplain #getCause() cause} is what it threw. It
 * comes out of {@link Fiber#join}, of {@link FiberScope#join} and, if nobody joined the fiber, of
 * {@link FiberRuntime#run}; there the failures of further fibers are {@linkplain #getSuppressed()
 * suppressed}.
 */
public final class FiberFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FiberFailedException(String fiber, Throwable cause) {
    super("the fiber " + fiber + " threw " + cause, cause);
  }

  private FiberFailedException(FiberScope<?, ?> scope, Throwable cause) {
    super("the joiner of " + scope + " threw " + cause, cause);
  }

  static FiberFailedException ofScope(FiberScope<?, ?> scope, Throwable cause) {
    return new FiberFailedException(scope, cause);
  }
}
