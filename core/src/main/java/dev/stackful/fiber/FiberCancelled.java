package dev.stackful.fiber;

import dev.stackful.internal.fiber.FiberCore;
import org.jspecify.annotations.Nullable;

/**
 * Thrown in a fiber that was {@linkplain Fiber#cancel cancelled}, by the operation that it waits in
 * or by the next one, so that its {@code finally} blocks and {@code try}-with-resources run. Bodies
 * let it pass. It is thrown once for each cancellation: the {@code finally} blocks may themselves
 * yield, sleep, send and receive.
 *
 * <p>The same is thrown inside a {@link Fiber#timeout time-out} whose time is over, and becomes a
 * {@link FiberTimeoutException} outside of it.
 *
 * <p>It is an {@link Error}, so that {@code catch (Exception e)} does not stop it, and not a {@link
 * java.util.concurrent.CancellationException}: that is what a {@linkplain Fiber#join join} of a
 * cancelled fiber throws. It has no stack trace.
 *
 * @since 0.1.0
 */
public final class FiberCancelled extends Error {
  private static final long serialVersionUID = 1L;

  /** The fiber that was cancelled, or the deadline that has passed. */
  private final transient @Nullable Object why;

  FiberCancelled(FiberCore fiber, Object why) {
    super(
        why == fiber
            ? "the fiber " + fiber.name() + " was cancelled"
            : "the fiber " + fiber.name() + " has no time left for this",
        null,
        /* enableSuppression= */ false,
        /* writableStackTrace= */ false);
    this.why = why;
  }

  /** Whether it comes from there: the fiber that was cancelled, or the deadline that has passed. */
  boolean isOf(Object other) {
    return why == other;
  }
}
