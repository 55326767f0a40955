package dev.stackful;

/**
 * Thrown by the pending {@link Yielder#yield(Object) yield} of a coroutine that is being closed, so
 * that the body's {@code finally} blocks and {@code try}-with-resources run. Bodies let it pass.
 * One that catches it, or that yields or transfers in a {@code finally} block, gets it again, out
 * of that very call: a body that is being closed hands out nothing more, and goes nowhere else.
 *
 * <p>A callback that C code is calling must not let it pass, nor any other exception: the JVM ends
 * where one leaves an upcall. Such a callback catches it, returns to the C code without yielding
 * again, and the body throws it on after the downcall. That holds for a coroutine that is merely
 * dropped, too.
 *
 * <p>It has no stack trace, and is an {@link Error} so that {@code catch (Exception e)} does not
 * stop it.
 *
 * @since 0.1.0
 */
public final class ForcedUnwind extends Error {
  private static final long serialVersionUID = 1L;

  /** Whose unwinding it is. */
  private final transient CoroutineCore<?, ?> core;

  ForcedUnwind(CoroutineCore<?, ?> core) {
    super(
        core.describe() + " is being closed",
        null,
        /* enableSuppression= */ false,
        /* writableStackTrace= */ false);
    this.core = core;
  }

  boolean isOf(CoroutineCore<?, ?> closed) {
    return core == closed;
  }
}
