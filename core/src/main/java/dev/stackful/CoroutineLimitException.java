package dev.stackful;

/**
 * Thrown by the first resume of a coroutine for which the machine has no stack left. The message
 * names the limit. The coroutine is still {@link Coroutine.State#NEW} and may be resumed again, and
 * all others go on.
 */
public final class CoroutineLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CoroutineLimitException(String message, Throwable cause) {
    super(message, cause);
  }
}
