package dev.stackful;

/**
 * Thrown by a resume, or by an iterator, whose body threw a checked exception, which is the
 * {@linkplain #getCause() cause}. The coroutine has ended. Where coroutines resume each other it is
 * wrapped once, by the first that lets it out.
 *
 * @since 0.1.0
 */
public final class CoroutineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CoroutineException(String message, Throwable cause) {
    super(message, cause);
  }
}
