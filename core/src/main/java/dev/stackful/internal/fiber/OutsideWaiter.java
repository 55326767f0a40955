package dev.stackful.internal.fiber;

import dev.stackful.internal.fiber.WaiterQueue.Waiter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The place of another thread in a queue of fibers. That thread may give up at any time: whoever
 * {@linkplain #claim claims} the wait first, decides.
 */
public final class OutsideWaiter extends Waiter {
  private final Scheduler scheduler;
  private final Consumer<@Nullable Object> action;
  private final AtomicBoolean claimed = new AtomicBoolean();

  /**
   * Makes one.
   *
   * @param action told the result, by whoever has control, but not in the middle of something
   */
  public OutsideWaiter(Scheduler scheduler, Consumer<@Nullable Object> action) {
    this.scheduler = scheduler;
    this.action = action;
  }

  /** Whether the caller is the first: the wait is over then, and the action is not called. */
  public boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  /** Whether nobody has claimed it. */
  public boolean isPending() {
    return isLive();
  }

  @Override
  boolean isLive() {
    return !claimed.get();
  }

  @Override
  public boolean resume(@Nullable Object result) {
    if (!claim()) {
      return false;
    }
    scheduler.tellLater(() -> action.accept(result));
    return true;
  }
}
