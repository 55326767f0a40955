package dev.stackful;

/**
 * Thrown by the first resume of a coroutine for which the machine has no stack left. The message
 * names the limit. The coroutine is still {@link Coroutine.State#NEW} and may be resumed again, and
 * all others go on.
 *
 * @implNote {@link Engine#NATIVE} asks for a garbage collection first, and waits until the
 *     coroutines that it finds abandoned are unwound, as the collector doesn't know of this limit.
 *     It leaves mappings for the JVM itself, which ends where its own {@code mmap} fails.
 * @since 0.1.0
 */
public final class CoroutineLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CoroutineLimitException(String message, Throwable cause) {
    super(message, cause);
  }
}
