package dev.stackful.internal.fiber;

import dev.stackful.internal.fiber.WaiterQueue.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One wait of a fiber in several places, or also for a time: for the first of them. */
public final class Selection implements Blocker {
  private final FiberCore fiber;
  private final long wait;
  private final List<Waiter> waiters = new ArrayList<>();
  private @Nullable Alarm alarm;

  /** Makes one without a place, for the next wait of a fiber. */
  public Selection(FiberCore fiber) {
    this.fiber = fiber;
    this.wait = fiber.newWait();
  }

  /**
   * Adds a place.
   *
   * @param index what tells it from the others
   * @param given what the fiber gives to whoever resumes it there, if anything
   */
  public void add(WaiterQueue queue, int index, @Nullable Object given) {
    Waiter waiter = new Waiter(fiber, index);
    waiters.add(waiter);
    queue.add(waiter, wait, given);
  }

  /** Ends the wait at a time. */
  public void setAlarm(Alarm alarm, long deadlineNanos) {
    this.alarm = alarm;
    alarm.set(wait, deadlineNanos);
  }

  /** After the wait: where it was resumed; null if the time was over first. */
  public @Nullable Waiter chosen() {
    return fiber.resumedBy() instanceof Waiter waiter ? waiter : null;
  }

  @Override
  public void leave() {
    for (Waiter waiter : waiters) {
      waiter.leave();
    }
    if (alarm != null) {
      alarm.leave();
    }
  }

  @Override
  public String describe() {
    return describe(Waiter::describe);
  }

  @Override
  public String explain() {
    return describe(Waiter::explain);
  }

  private String describe(Function<Waiter, String> each) {
    String cases = waiters.stream().map(each).collect(Collectors.joining(", "));
    return "select of " + cases + (alarm == null ? "" : ", " + alarm.describe());
  }
}
