package dev.stackful.fiber;

import dev.stackful.internal.fiber.WaiterQueue;
import org.jspecify.annotations.Nullable;

/** One of the operations that a {@link Select} chooses from, as what it is done on sees it. */
interface SelectCase<R extends @Nullable Object> {
  /** Throws unless the calling fiber may do it. */
  void checkUser();

  /**
   * Whether it could be done at once.
   *
   * @throws ChannelClosedException if it never can, and that ends the select
   */
  boolean isReady();

  /** Whether it never can be done, and is left out. Asked if it is not ready. */
  boolean isOver();

  /** Does it. It is ready. */
  R perform();

  /** Where to wait for it. */
  WaiterQueue queue();

  /** What a fiber that waits in the queue gives there. */
  @Nullable Object given();

  /**
   * Whether the wait has brought the end of it instead.
   *
   * @param result what the fiber got in the queue
   * @throws ChannelClosedException if that ends the select
   */
  boolean hasEnded(@Nullable Object result);

  /**
   * Completes it after a wait.
   *
   * @param result what the fiber got in the queue
   */
  R finish(@Nullable Object result);
}
