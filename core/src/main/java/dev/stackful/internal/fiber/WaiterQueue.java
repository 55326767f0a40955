package dev.stackful.internal.fiber;

import dev.stackful.internal.engine.Headroom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fibers that wait for the same thing, first in, first out; any of them can leave at once.
 *
 * <p>There may also be {@linkplain OutsideWaiter others} among them, who wait on other threads.
 *
 * <p>Whether a place counts is decided by the fiber: one whose wait is over, by whatever way, is
 * passed over and dropped. So to resume a fiber and to take it out of its queues need not be done
 * in one, and an error between the two does no harm.
 */
public final class WaiterQueue {

  /**
   * A fiber's place in a queue, with what it gives or gets there. It serves one wait after the
   * other.
   */
  public static class Waiter implements Blocker {
    private final @Nullable FiberCore fiber;
    private final int index;
    private long wait;

    /** Null while it is in none. */
    private @Nullable WaiterQueue queue;

    private @Nullable Waiter previous;
    private @Nullable Waiter next;
    private @Nullable Object value;

    /** Makes the only place of a fiber. */
    public Waiter(FiberCore fiber) {
      this(fiber, 0);
    }

    /** Makes one of several places of a fiber, with a number among them. */
    Waiter(FiberCore fiber, int index) {
      this.fiber = fiber;
      this.index = index;
    }

    /** Makes the place of somebody who is no fiber. */
    Waiter() {
      this.fiber = null;
      this.index = 0;
    }

    /** Which of the fiber's places it is. */
    public final int index() {
      return index;
    }

    /** What the fiber that waits here gives. */
    public final @Nullable Object given() {
      return value;
    }

    /** For the fiber, once it was resumed here: what it got. It is kept no longer. */
    public final @Nullable Object takeResult() {
      Object result = value;
      value = null;
      return result;
    }

    /** Whether the fiber waits here, and nothing has resumed it. */
    boolean isLive() {
      return fiber != null && fiber.isWaiting(wait);
    }

    /**
     * Resumes the fiber, which waits here, with a value. If this throws, nothing has changed.
     *
     * @return whether it did; if not, the wait was over
     */
    public boolean resume(@Nullable Object result) {
      if (fiber == null || !fiber.resume(wait, this)) {
        return false;
      }
      value = result;
      return true;
    }

    @Override
    public void leave() {
      if (queue != null) {
        queue.remove(this);
      }
      if (fiber != null && fiber.resumedBy() != this) {
        value = null; // what it gave is not wanted any more
      }
    }

    @Override
    public String describe() {
      return queue == null ? "nothing" : queue.describe();
    }

    @Override
    public String explain() {
      return queue == null ? "nothing" : queue.describe() + queue.reason.get();
    }
  }

  private final String verb;
  private final Object what;
  private final Supplier<String> reason;
  private @Nullable Waiter first;
  private @Nullable Waiter last;

  /**
   * Makes an empty one.
   *
   * @param verb what they wait to do
   * @param what with what; its toString is its name
   */
  public WaiterQueue(String verb, Object what) {
    this(verb, what, () -> "");
  }

  /**
   * Makes an empty one that can tell more.
   *
   * @param verb what they wait to do
   * @param what with what; its toString is its name
   * @param reason what keeps them, to be put behind the two
   */
  public WaiterQueue(String verb, Object what, Supplier<String> reason) {
    this.verb = verb;
    this.what = what;
    this.reason = reason;
  }

  /** The one that waits longest, which stays; null if nobody waits. */
  public @Nullable Waiter first() {
    Waiter waiter;
    while ((waiter = first) != null && !waiter.isLive()) {
      remove(waiter);
    }
    return waiter;
  }

  /** How many wait. It counts them. */
  public int size() {
    int size = 0;
    for (Waiter waiter = first; waiter != null; waiter = waiter.next) {
      size += waiter.isLive() ? 1 : 0;
    }
    return size;
  }

  /** Whether nobody waits. */
  public boolean isEmpty() {
    return first() == null;
  }

  /**
   * Adds a place, for a wait that is about to begin.
   *
   * @param wait the number of the wait, by {@link FiberCore#newWait}
   * @param given what the fiber gives to whoever resumes it, if anything
   */
  public void add(Waiter waiter, long wait, @Nullable Object given) {
    waiter.leave(); // an error may have kept it in a queue
    waiter.wait = wait;
    waiter.value = given;
    waiter.queue = this;
    waiter.previous = last;
    if (last == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
  }

  /**
   * Resumes the one that waits longest. If this throws, nothing has changed.
   *
   * @return whether there was one
   */
  public boolean resumeFirst(@Nullable Object value) {
    Waiter waiter;
    while ((waiter = first()) != null) {
      if (waiter.resume(value)) {
        return true;
      }
    }
    return false;
  }

  /** Resumes all, or none if there is too little of the stack left. */
  public void resumeAll(@Nullable Object value) {
    if (first == null) {
      return;
    }
    Headroom.ensure(); // to resume half of them can't be undone
    while (resumeFirst(value)) {
      // the next one
    }
  }

  private void remove(Waiter waiter) {
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
