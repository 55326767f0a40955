package dev.stackful;

/**
 * Thrown by the pending {@link Yielder#yield(Object) yield} of a coroutine that is being closed, so
 * that the body's {@code finally} blocks and {@code try}-with-resources run. Bodies let it pass:
 * one that catches it and yields again gets it again.
 *
 * <p>A callback that C code is calling must not let it pass, nor any other exception: the JVM ends
 * where one leaves an upcall. Such a callback catches it, returns to the C code without yielding
 * again, and the body throws it on after the downcall. That holds for a coroutine that is merely
 * dropped, too.
 *
 * <p>It has no stack trace, and is an {@link Error} so that {@code catch (Exception e)} does not
 * stop it.
 */
public final class ForcedUnwind extends Error {
  private static final long serialVersionUID = 1L;

  ForcedUnwind(String coroutine) {
    super(
        "the coroutine " + coroutine + " is being closed",
        null,
        /* enableSuppression= */ false,
        /* writableStackTrace= */ false);
  }
}
