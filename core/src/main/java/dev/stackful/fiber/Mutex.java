package dev.stackful.fiber;

import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.WaiterQueue;
import dev.stackful.internal.fiber.WaiterQueue.Waiter;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock for fibers: for what must not be seen half done, although its owner suspends in the
 * middle. Between two operations that suspend no other fiber runs, and no lock is needed.
 *
 * {@snippet class="dev.stackful.examples.snippets.Locks" region="mutex"}
 *
 * <p>It is fair: {@link #unlock} hands it to the fiber that has waited longest. It is not
 * reentrant: the owner that locks it again would wait for itself, which is refused. The fiber that
 * has locked it unlocks it; one that ends before leaves it locked, and the report of the
 * {@linkplain FiberDeadlockException deadlock} says so.
 *
 * <p>A mutex belongs to the runtime of the fiber that uses it first, and all its methods but {@link
 * #toString} are for that runtime's fibers.
 *
 * @since 0.1.0
 */
public final class Mutex extends Confined {
  static {
    FiberFrames.hide(Mutex.class);
  }

  private final WaiterQueue waiting = new WaiterQueue("lock", this, this::reason);
  private @Nullable Fiber<?> owner;

  /**
   * The fibers that could not lock it again after a wait for a condition, as they are being
   * unwound. They believe that they have it locked: what their {@code finally} blocks do as its
   * owners must not hide why they are.
   */
  private Set<Fiber<?>> denied = Set.of();

  private Mutex(@Nullable String name) {
    super("mutex", name);
  }

  /** {@return a mutex that nobody has locked} */
  public static Mutex create() {
    return new Mutex(null);
  }

  /**
   * A mutex with a name.
   *
   * @param name what messages and traces call it
   * @return the mutex, which nobody has locked
   */
  public static Mutex create(String name) {
    return new Mutex(Objects.requireNonNull(name, "name"));
  }

  /**
   * Locks it, and waits while another fiber has it locked.
   *
   * @throws IllegalStateException if the caller has it locked already, or isn't a fiber of the
   *     mutex's runtime
   * @throws FiberCancelled if the fiber was cancelled; it doesn't own the mutex then
   */
  public void lock() {
    Fiber<?> me = user("Mutex.lock");
    me.beginOperation();
    requireNotOwner(me);
    if (owner == null) {
      owner = me;
    } else {
      me.waitIn(waiting, me); // whoever unlocks it makes this fiber the owner
    }
  }

  /**
   * Locks it if nobody has it locked, without waiting.
   *
   * @return whether the caller has locked it
   * @throws IllegalStateException if the caller has it locked already, or isn't a fiber of the
   *     mutex's runtime
   */
  public boolean tryLock() {
    Fiber<?> me = user("Mutex.tryLock");
    requireNotOwner(me);
    if (owner != null) {
      return false;
    }
    owner = me;
    return true;
  }

  /**
   * Unlocks it. If fibers wait for it, it belongs to the first of them now.
   *
   * @throws IllegalStateException if the caller hasn't locked it, or isn't a fiber of the mutex's
   *     runtime
   */
  public void unlock() {
    Fiber<?> me = user("Mutex.unlock");
    requireOwner(me, "unlock");
    handOver(me);
  }

  /**
   * Runs a piece of code while the mutex is locked.
   *
   * @param <R> what the code returns
   * @param <X> what it throws
   * @param body the code
   * @return what it returned
   * @throws X what it throws
   * @throws IllegalStateException as {@link #lock}
   * @throws FiberCancelled as {@code lock}
   */
  public <R extends @Nullable Object, X extends Throwable> R withLock(
      Fiber.Operation<? extends R, X> body) throws X {
    Objects.requireNonNull(body, "body");
    lock();
    try {
      return body.run();
    } finally {
      unlock();
    }
  }

  /**
   * {@return whether a fiber has locked it}
   *
   * @throws IllegalStateException if the caller isn't a fiber of the mutex's runtime
   */
  public boolean isLocked() {
    user("Mutex.isLocked");
    return owner != null;
  }

  /**
   * {@return a new condition, for the owners of this mutex to wait for} It is called as the mutex
   * and {@code 's condition}.
   */
  public Condition newCondition() {
    return new Condition(this);
  }

  <R extends @Nullable Object> SelectCase<R> locking(Supplier<? extends R> action) {
    return new SimpleCase<>(
        operation -> requireNotOwner(user(operation)),
        () -> owner == null,
        () -> owner = Fiber.requireCurrent("Select.select"),
        () -> waiting,
        Fiber::currentOrNull,
        action);
  }

  // ---- for conditions -----------------------------------------------------------------------

  void requireOwner(Fiber<?> me, String verb) {
    if (owner != me && !denied.contains(me)) {
      throw new IllegalStateException(
          me.describe()
              + " cannot "
              + verb
              + " "
              + this
              + ": "
              + (owner == null ? "nobody has locked it" : owner.describe() + " has locked it"));
    }
  }

  /**
   * Gives it to the first that waits, or to nobody, unless another fiber has it. If this throws,
   * nothing has changed.
   */
  void handOver(Fiber<?> me) {
    if (owner != me) {
      denied.remove(me);
      return;
    }
    Waiter next = waiting.first();
    Fiber<?> heir = next == null ? null : (Fiber<?>) next.given();
    if (next != null) {
      next.resume(null);
    }
    owner = heir;
  }

  /** Locks it again, whatever may come but that the fiber is unwound. */
  void relock(Fiber<?> me) {
    if (owner == null) {
      owner = me;
      return;
    }
    try {
      me.waitUncancellablyIn(waiting, me);
    } finally {
      if (owner != me) {
        if (denied.isEmpty()) {
          denied = new HashSet<>();
        }
        denied.add(me);
      }
    }
  }

  private void requireNotOwner(Fiber<?> me) {
    if (owner == me) {
      throw new IllegalStateException(me.describe() + " has locked " + this + " already");
    }
  }

  private String reason() {
    Fiber<?> holder = owner;
    return holder == null
        ? ""
        : ", which "
            + holder
            + (holder.isDone() ? " has locked, and has ended without unlocking it" : " has locked");
  }
}
