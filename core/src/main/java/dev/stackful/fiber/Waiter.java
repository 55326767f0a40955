package dev.stackful.fiber;

import org.jspecify.annotations.Nullable;

/**
 * A fiber's place in a {@link WaiterQueue}, with what it gives or gets there. Each fiber has one of
 * its own, as it waits for one thing at a time; a {@link Select} makes one for each case.
 */
final class Waiter implements Blocker {
  final Fiber<?> fiber;

  /** The cases that this one is among, if any. */
  final @Nullable Selection selection;

  /** Which of the cases it is. */
  final int index;

  /** Null while it is in none. */
  @Nullable WaiterQueue queue;

  @Nullable Waiter previous;
  @Nullable Waiter next;

  /** What a sender gives, or what a receiver got. */
  @Nullable Object value;

  /** The channel was closed, instead. */
  boolean closed;

  Waiter(Fiber<?> fiber, @Nullable Selection selection, int index) {
    this.fiber = fiber;
    this.selection = selection;
    this.index = index;
  }

  /** What it waited for has come; it is in no queue. */
  void complete() {
    if (selection != null) {
      selection.choose(this);
    }
    fiber.scheduler.wake(fiber);
  }

  @Override
  public void withdraw(Fiber<?> waiting) {
    if (queue != null) {
      queue.remove(this);
    }
    value = null;
  }

  @Override
  public boolean isSet() {
    return queue != null;
  }

  /** Whether its fiber waits here. It doesn't if an error struck when it had just come. */
  boolean isCurrent() {
    return fiber.blocker == (selection == null ? this : selection);
  }

  @Override
  public String describe() {
    return queue == null ? "nothing" : queue.describe();
  }
}
