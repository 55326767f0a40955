package dev.stackful.fiber;

import dev.stackful.internal.fiber.FiberCore;
import org.jspecify.annotations.Nullable;

/**
 * Thrown in a fiber that was {@linkplain Fiber#cancel cancelled}, by the operation that it waits in
 * or by the next one, so that its {@code finally} blocks and {@code try}-with-resources run. Bodies
 * let it pass. It is thrown once for each cancellation: the {@code finally} blocks may themselves
 * yield, sleep, send and receive.
 *
 * <p>It is an {@link Error}, so that {@code catch (Exception e)} does not stop it, and not a {@link
 * java.util.concurrent.CancellationException}: that is what those get who {@linkplain Fiber#join
 * join} a fiber that was cancelled. It has no stack trace.
 */
public final class FiberCancelled extends Error {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable FiberCore fiber;

  FiberCancelled(FiberCore fiber) {
    super(
        "the fiber " + fiber.name() + " was cancelled",
        null,
        /* enableSuppression= */ false,
        /* writableStackTrace= */ false);
    this.fiber = fiber;
  }

  /** Whether it was this fiber that was cancelled. */
  boolean isOf(FiberCore other) {
    return fiber == other;
  }
}
