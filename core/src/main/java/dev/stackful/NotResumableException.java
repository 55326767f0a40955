package dev.stackful;

/**
 * Thrown where a coroutine is asked to go on, by {@link Coroutine#resume(Object) resume}, {@link
 * Coroutine#raise raise}, {@link Coroutine#close close} or a {@linkplain Yielder#transferTo
 * transfer}, and its {@linkplain Coroutine.State state} doesn't allow it: it is running, it waits
 * for another that it has resumed, it has ended, or it belongs to a generator or a fiber. Nothing
 * has changed then. The message says which it was.
 *
 * <p>Its type tells a refusal from an {@code IllegalStateException} that the body itself has
 * thrown. A body may let out a refusal that it got for another coroutine, though; {@link
 * Coroutine#isDone()} tells these apart, as only a body's own exception ends its coroutine.
 *
 * @since 0.1.0
 */
public final class NotResumableException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Which coroutine has refused. */
  private final transient CoroutineCore<?, ?> refusing;

  NotResumableException(CoroutineCore<?, ?> refusing, String message) {
    super(message);
    this.refusing = refusing;
  }

  boolean isBy(CoroutineCore<?, ?> core) {
    return refusing == core;
  }
}
