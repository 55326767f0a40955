package dev.stackful;

/**
 * Thrown where an engine was asked for that this machine can't offer. The message says why, as
 * {@link Engine#unavailableReason} does.
 *
 * @since 0.1.0
 */
public final class EngineUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EngineUnavailableException(String message) {
    super(message);
  }
}
