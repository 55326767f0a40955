package dev.stackful.fiber;

import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.WaiterQueue;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits for fibers: to bound how many do something at a time.
 *
 * <p>It is fair: a permit that is given back goes to the fiber that has waited longest. Any fiber
 * may give permits back, and more than were there at the start.
 *
 * <p>A semaphore belongs to the runtime of the fiber that uses it first, and all its methods but
 * {@link #toString} are for that runtime's fibers.
 *
 * @since 0.1.0
 */
public final class Semaphore extends Confined {
  static {
    FiberFrames.hide(Semaphore.class);
  }

  private final WaiterQueue waiting = new WaiterQueue("acquire", this);
  private int permits;

  private Semaphore(@Nullable String name, int permits) {
    super("semaphore", name);
    this.permits = permits;
  }

  /**
   * A semaphore.
   *
   * @param permits how many there are at the start, at least 0
   * @return the semaphore
   * @throws IllegalArgumentException if it is negative
   */
  public static Semaphore of(int permits) {
    return new Semaphore(null, checked(permits));
  }

  /**
   * A semaphore with a name.
   *
   * @param name what messages and traces call it
   * @param permits how many there are at the start, at least 0
   * @return the semaphore
   * @throws IllegalArgumentException if it is negative
   */
  public static Semaphore of(String name, int permits) {
    return new Semaphore(Objects.requireNonNull(name, "name"), checked(permits));
  }

  private static int checked(int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException(
          "a semaphore can't begin with fewer than 0 permits: " + permits);
    }
    return permits;
  }

  /**
   * Takes a permit, and waits while there is none.
   *
   * @throws IllegalStateException if the caller isn't a fiber of the semaphore's runtime
   * @throws FiberCancelled if the fiber was cancelled; it has no permit then
   */
  public void acquire() {
    Fiber<?> me = user("Semaphore.acquire");
    me.beginOperation();
    if (permits > 0) {
      permits--;
    } else {
      me.waitIn(waiting, null); // whoever gives one back gives it to this fiber
    }
  }

  /**
   * Takes a permit if there is one, without waiting.
   *
   * @return whether there was one
   * @throws IllegalStateException if the caller isn't a fiber of the semaphore's runtime
   */
  public boolean tryAcquire() {
    user("Semaphore.tryAcquire");
    if (permits == 0) {
      return false;
    }
    permits--;
    return true;
  }

  /**
   * Gives a permit back.
   *
   * @throws IllegalStateException if there are {@link Integer#MAX_VALUE} already, or the caller
   *     isn't a fiber of the semaphore's runtime
   */
  public void release() {
    user("Semaphore.release");
    if (waiting.resumeFirst(null)) {
      return;
    }
    if (permits == Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "cannot release " + this + ": it has " + permits + " permits");
    }
    permits++;
  }

  /**
   * Runs a piece of code with a permit.
   *
   * @param <R> what the code returns
   * @param <X> what it throws
   * @param body the code
   * @return what it returned
   * @throws X what it throws
   * @throws IllegalStateException as {@link #acquire}
   * @throws FiberCancelled as {@code acquire}
   */
  public <R extends @Nullable Object, X extends Throwable> R withPermit(
      Fiber.Operation<? extends R, X> body) throws X {
    Objects.requireNonNull(body, "body");
    acquire();
    try {
      return body.run();
    } finally {
      release();
    }
  }

  /**
   * {@return how many permits are there}
   *
   * @throws IllegalStateException if the caller isn't a fiber of the semaphore's runtime
   */
  public int availablePermits() {
    user("Semaphore.availablePermits");
    return permits;
  }

  <R extends @Nullable Object> SelectCase<R> acquiring(Supplier<? extends R> action) {
    return new SimpleCase<>(
        this::user, () -> permits > 0, () -> permits--, () -> waiting, () -> null, action);
  }
}
