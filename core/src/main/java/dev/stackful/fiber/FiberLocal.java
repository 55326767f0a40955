package dev.stackful.fiber;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A variable of which each fiber has a value of its own. A fiber begins with the values of the
 * fiber that spawns it; what either sets later, the other doesn't see. (Ruby's fiber storage and
 * Python's context variables behave alike.) To inherit them costs nothing: the values are shared
 * until one of the two sets one.
 *
 * <p>The body of a coroutine or a generator that a fiber resumes is no fiber: it can't ask for a
 * value, and a fiber that it spawns inherits none.
 *
 * <p>Thread-locals are each fiber's own, too, but nobody inherits them.
 *
 * @param <T> what the values are
 * @since 0.1.0
 */
public final class FiberLocal<T extends @Nullable Object> {
  private final T initial;

  private FiberLocal(T initial) {
    this.initial = initial;
  }

  /**
   * Makes one.
   *
   * @param <T> what the values are
   * @param initial the value where none was set; may be null
   * @return the variable
   */
  public static <T extends @Nullable Object> FiberLocal<T> of(T initial) {
    return new FiberLocal<>(initial);
  }

  /**
   * {@return the calling fiber's value}
   *
   * @throws IllegalStateException if the caller isn't a fiber
   */
  public T get() {
    return in(Fiber.requireCurrent("FiberLocal.get").locals());
  }

  @SuppressWarnings("unchecked") // set and the initial value are T's
  private T in(Map<FiberLocal<?>, @Nullable Object> values) {
    return (T) values.getOrDefault(this, initial);
  }

  /**
   * Sets the calling fiber's value.
   *
   * @param value may be null
   * @throws IllegalStateException if the caller isn't a fiber
   */
  public void set(T value) {
    Fiber<?> me = Fiber.requireCurrent("FiberLocal.set");
    Map<FiberLocal<?>, @Nullable Object> changed = new HashMap<>(me.locals());
    changed.put(this, value);
    me.setLocals(changed);
  }

  /**
   * Runs a piece of code with a value, and sets the earlier one again afterwards.
   *
   * @param <R> what the code returns
   * @param <X> what it throws
   * @param value may be null
   * @param body the code
   * @return what it returned
   * @throws X what it throws
   * @throws IllegalStateException if the caller isn't a fiber
   */
  public <R extends @Nullable Object, X extends Throwable> R where(
      T value, Fiber.Operation<? extends R, X> body) throws X {
    Objects.requireNonNull(body, "body");
    T before = get();
    set(value);
    try {
      return body.run();
    } finally {
      set(before);
    }
  }
}
