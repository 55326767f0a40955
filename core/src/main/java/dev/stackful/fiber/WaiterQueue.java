package dev.stackful.fiber;

import org.jspecify.annotations.Nullable;

/**
 * Fibers that wait for the same thing, first in, first out; any of them can leave at once. One
 * whose wait an error ended is not seen any more, even if the error kept it from leaving.
 */
final class WaiterQueue {
  private final String verb;
  private final Object what;
  private @Nullable Waiter first;
  private @Nullable Waiter last;

  /**
   * Makes an empty one.
   *
   * @param verb what they wait to do
   * @param what with what; its toString is its name
   */
  WaiterQueue(String verb, Object what) {
    this.verb = verb;
    this.what = what;
  }

  boolean isEmpty() {
    Waiter waiter;
    while ((waiter = first) != null && !waiter.isCurrent()) {
      remove(waiter);
    }
    return waiter == null;
  }

  void add(Waiter waiter) {
    waiter.queue = this;
    waiter.closed = false;
    waiter.previous = last;
    if (last == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
  }

  @Nullable Waiter poll() {
    Waiter waiter;
    while ((waiter = first) != null) {
      boolean current = waiter.isCurrent();
      remove(waiter);
      if (current) {
        break;
      }
    }
    return waiter;
  }

  void remove(Waiter waiter) {
    Waiter before = waiter.previous;
    Waiter after = waiter.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    waiter.queue = null;
    waiter.previous = null;
    waiter.next = null;
  }

  String describe() {
    return verb + " " + what;
  }
}
