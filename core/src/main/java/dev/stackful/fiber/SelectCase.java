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

  /** What {@link #take} gives if it could not be done after all. */
  Object NOTHING = new Object();

  /**
   * Does it, as it is ready, but for its action.
   *
   * @return what a fiber that waits gets in the queue; or NOTHING
   */
  @Nullable Object take();

  /** Where to wait for it. */
  WaiterQueue queue();

  /** What a fiber that waits in the queue gives there. */
  @Nullable Object given();

  /**
   * Whether what came is the end of it instead.
   *
   * @param result what the fiber got in the queue
   * @throws ChannelClosedException if that ends the select
   */
  boolean hasEnded(@Nullable Object result);

  /**
   * Runs its action.
   *
   * @param result what the fiber got, in the queue or at once
   */
  R finish(@Nullable Object result);
}
