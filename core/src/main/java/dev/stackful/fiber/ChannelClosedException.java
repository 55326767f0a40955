package dev.stackful.fiber;

/**
 * Thrown by a receive from a {@link Channel} that was closed and has no element left, and by a send
 * to one that was closed.
 *
 * @since 0.1.0
 */
public final class ChannelClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChannelClosedException(String message) {
    super(message);
  }
}
