package dev.stackful.foreign;

/**
 * Thrown where there is no memory, or no memory mapping, for the stack of another foreign
 * coroutine. The message names the limit. All others go on.
 *
 * @since 0.1.0
 */
public final class ForeignCoroutineLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ForeignCoroutineLimitException(String message, Throwable cause) {
    super(message, cause);
  }
}
