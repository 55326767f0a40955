package dev.stackful.fiber;

import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.WaiterQueue;

/**
 * Lets the owner of a {@link Mutex} wait until another fiber tells it that something has changed.
 * The fiber that waits gives up the mutex meanwhile, and has it again when it goes on. Then it must
 * look again whether what it waited for is so: another fiber may have been faster.
 *
 * {@snippet class="dev.stackful.examples.snippets.Locks" region="condition"}
 *
 * <p>Wake-ups come in the order in which the fibers began to wait, and none comes unasked.
 *
 * @since 0.1.0
 */
public final class Condition {
  static {
    FiberFrames.hide(Condition.class);
  }

  private final Mutex mutex;
  private final WaiterQueue waiting = new WaiterQueue("await", this);

  Condition(Mutex mutex) {
    this.mutex = mutex;
  }

  /**
   * Waits until another fiber signals. The mutex is unlocked meanwhile. It is locked again when
   * this returns or throws, which may take a while. For a wait with a time-out, use {@link
   * Fiber#runWithin}.
   *
   * <p>Only a fiber that {@link FiberRuntime#close} has to unwind by force can't wait for the mutex
   * any more. Its {@code unlock} does nothing then.
   *
   * @throws IllegalStateException if the caller hasn't locked the mutex
   * @throws FiberCancelled if the fiber was cancelled; it has the mutex locked, too
   */
  public void await() {
    Fiber<?> me = owner("await");
    me.beginOperation();
    mutex.handOver(me);
    try {
      me.waitIn(waiting, null);
    } finally {
      mutex.relock(me);
    }
  }

  /**
   * Wakes the fiber that has waited longest, if one does.
   *
   * @throws IllegalStateException if the caller hasn't locked the mutex
   */
  public void signal() {
    owner("signal");
    waiting.resumeFirst(null);
  }

  /**
   * Wakes all fibers that wait.
   *
   * @throws IllegalStateException if the caller hasn't locked the mutex
   */
  public void signalAll() {
    owner("signal");
    waiting.resumeAll(null);
  }

  private Fiber<?> owner(String verb) {
    Fiber<?> me = mutex.user("Condition." + verb);
    mutex.requireOwner(me, verb + " a condition of");
    return me;
  }

  /** Which mutex's, for people. */
  @Override
  public String toString() {
    return mutex + "'s condition";
  }
}
