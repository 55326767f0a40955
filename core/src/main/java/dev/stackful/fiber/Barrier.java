package dev.stackful.fiber;

import dev.stackful.internal.engine.Headroom;
import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.WaiterQueue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place where a number of fibers wait until all of them have come. It may be used again at once,
 * for the next round.
 *
 * <p>A fiber that is cancelled while it waits leaves, as if it had not come; the others wait on.
 * (That is as in Python's asyncio. Java's {@code CyclicBarrier} breaks, as there the others would
 * not learn why they wait; here the report of a {@linkplain FiberDeadlockException deadlock}
 * tells.)
 *
 * <p>A barrier belongs to the runtime of the fiber that uses it first, and all its methods but
 * {@link #toString} are for that runtime's fibers.
 *
 * @since 0.1.0
 */
public final class Barrier extends Confined {
  static {
    FiberFrames.hide(Barrier.class);
  }

  private final int parties;
  private final WaiterQueue waiting = new WaiterQueue("await", this, this::reason);

  private Barrier(@Nullable String name, int parties) {
    super("barrier", name);
    this.parties = parties;
  }

  /**
   * A barrier.
   *
   * @param parties how many must come, at least 1
   * @return the barrier
   * @throws IllegalArgumentException if it is less than 1
   */
  public static Barrier of(int parties) {
    return new Barrier(null, checked(parties));
  }

  /**
   * A barrier with a name.
   *
   * @param name what messages and traces call it
   * @param parties how many must come, at least 1
   * @return the barrier
   * @throws IllegalArgumentException if it is less than 1
   */
  public static Barrier of(String name, int parties) {
    return new Barrier(Objects.requireNonNull(name, "name"), checked(parties));
  }

  private static int checked(int parties) {
    if (parties < 1) {
      throw new IllegalArgumentException("a barrier needs at least 1 party: " + parties);
    }
    return parties;
  }

  /**
   * Waits until all have come. The last one doesn't wait.
   *
   * @return the caller's place in the order of those who have come, from 0 to {@link #parties()} -
   *     1; in each round each of them once, so that one fiber can be told from the others
   * @throws IllegalStateException if the caller isn't a fiber of the barrier's runtime
   * @throws FiberCancelled if the fiber was cancelled; it has not come then
   */
  public int await() {
    Fiber<?> me = user("Barrier.await");
    me.beginOperation();
    int before = waiting.size();
    if (before < parties - 1) {
      return (int) Objects.requireNonNull(me.waitIn(waiting, null));
    }
    open();
    return before;
  }

  /** Tells each its place only now: of those who had come, some may have left since. */
  private void open() {
    Headroom.ensure(); // to resume half of them can't be undone
    int place = 0;
    while (waiting.resumeFirst(place)) {
      place++;
    }
  }

  /** {@return how many must come} */
  public int parties() {
    return parties;
  }

  private String reason() {
    return ", where " + waiting.size() + " of " + parties + " have come";
  }
}
