package dev.stackful.fiber;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One fiber's wait in a {@link Select}: for the first of several waiters, or for a time. */
final class Selection implements Blocker {
  private final Fiber<?> fiber;
  private final List<Waiter> waiters = new ArrayList<>();
  private @Nullable Timer timer;
  private @Nullable Waiter chosen;

  Selection(Fiber<?> fiber) {
    this.fiber = fiber;
  }

  void add(WaiterQueue queue, int index, @Nullable Object value) {
    Waiter waiter = new Waiter(fiber, this, index);
    waiter.value = value;
    queue.add(waiter);
    waiters.add(waiter);
  }

  void setTimer(long deadlineNanos) {
    timer =
        new Timer(fiber) {
          @Override
          void fire() {
            Selection.this.withdraw(fiber);
            if (fiber.blocker == Selection.this) {
              fiber.scheduler.wake(fiber);
            }
          }
        };
    fiber.scheduler.timers.add(timer, deadlineNanos);
  }

  /** One of the waiters has got what it waited for; the others leave. */
  void choose(Waiter waiter) {
    chosen = waiter;
    withdraw(fiber);
  }

  /** Which one it was; null if the time was over first. */
  @Nullable Waiter chosen() {
    return chosen;
  }

  @Override
  public void withdraw(Fiber<?> waiting) {
    for (Waiter waiter : waiters) {
      if (waiter != chosen) { // which is in no queue any more, and holds what a receiver got
        waiter.withdraw(fiber);
      }
    }
    if (timer != null) {
      fiber.scheduler.timers.remove(timer);
    }
  }

  @Override
  public boolean isSet() {
    return chosen == null
        && ((timer != null && timer.isSet()) || waiters.stream().anyMatch(Waiter::isSet));
  }

  @Override
  public String describe() {
    String cases = waiters.stream().map(Waiter::describe).collect(Collectors.joining(", "));
    return "select of " + cases + (timer == null ? "" : ", " + timer.describe());
  }
}
