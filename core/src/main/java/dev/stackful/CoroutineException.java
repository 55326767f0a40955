package dev.stackful;

/**
 * Thrown by a resume whose body threw a checked exception, which is the {@linkplain #getCause()
 * cause}.
 */
public final class CoroutineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CoroutineException(String message, Throwable cause) {
    super(message, cause);
  }
}
