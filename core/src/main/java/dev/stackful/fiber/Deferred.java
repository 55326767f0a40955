package dev.stackful.fiber;

import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.WaiterQueue;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that comes once, for any number of fibers that wait for it. In place of the value, an
 * exception may come.
 *
 * <p>It belongs to the runtime of the fiber that uses it first, and all its methods but {@link
 * #toString} are for that runtime's fibers. Where other threads take part, {@linkplain Fiber#await
 * await} a {@code CompletableFuture}.
 *
 * @param <T> what the value is
 * @since 0.1.0
 */
public final class Deferred<T extends @Nullable Object> extends Confined {
  static {
    FiberFrames.hide(Deferred.class);
  }

  private final WaiterQueue waiting = new WaiterQueue("await", this);
  private boolean done;
  private @Nullable T value;
  private @Nullable Throwable failure;

  private Deferred(@Nullable String name) {
    super("deferred", name);
  }

  /**
   * {@return one whose value has not come}
   *
   * @param <T> what the value is
   */
  public static <T extends @Nullable Object> Deferred<T> create() {
    return new Deferred<>(null);
  }

  /**
   * One with a name.
   *
   * @param <T> what the value is
   * @param name what messages and traces call it
   * @return one whose value has not come
   */
  public static <T extends @Nullable Object> Deferred<T> create(String name) {
    return new Deferred<>(Objects.requireNonNull(name, "name"));
  }

  /**
   * Gives the value, unless something has come already.
   *
   * @param given the value; may be null
   * @return whether this was the first
   * @throws IllegalStateException if the caller isn't a fiber of its runtime
   */
  public boolean complete(T given) {
    user("Deferred.complete");
    return end(given, null);
  }

  /**
   * Gives an exception in place of the value, unless something has come already.
   *
   * @param exception the cause of the exception that the waiting fibers get
   * @return whether this was the first
   * @throws IllegalStateException if the caller isn't a fiber of its runtime
   */
  public boolean fail(Throwable exception) {
    Objects.requireNonNull(exception, "exception");
    user("Deferred.fail");
    return end(null, exception);
  }

  private boolean end(@Nullable T given, @Nullable Throwable exception) {
    if (done) {
      return false;
    }
    waiting.resumeAll(null); // may fail; the rest can't
    value = given;
    failure = exception;
    done = true;
    return true;
  }

  /**
   * Waits for the value, unless it has come.
   *
   * @return the value
   * @throws CompletionException if an exception came; it is the cause
   * @throws IllegalStateException if the caller isn't a fiber of its runtime
   * @throws FiberCancelled if the fiber was cancelled
   */
  public T await() {
    Fiber<?> me = user("Deferred.await");
    me.beginOperation();
    if (!done) {
      me.waitIn(waiting, null);
    }
    return outcome();
  }

  /**
   * {@return whether the value, or an exception, has come}
   *
   * @throws IllegalStateException if the caller isn't a fiber of its runtime
   */
  public boolean isDone() {
    user("Deferred.isDone");
    return done;
  }

  private T outcome() {
    if (failure != null) {
      throw new CompletionException(failure);
    }
    return value;
  }

  <R extends @Nullable Object> SelectCase<R> awaiting(Function<? super T, ? extends R> action) {
    return new SimpleCase<>(
        this::user, () -> done, () -> {}, () -> waiting, () -> null, () -> action.apply(outcome()));
  }
}
