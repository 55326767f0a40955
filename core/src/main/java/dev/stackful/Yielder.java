package dev.stackful;

import org.jspecify.annotations.Nullable;

/**
 * What a coroutine's body holds of its coroutine: the way back to whoever resumed it. It is valid
 * on the coroutine's own thread only, until the body ends.
 *
 * @param <I> what {@code resume} sends in
 * @param <O> what {@code yield} sends out
 */
public interface Yielder<I extends @Nullable Object, O extends @Nullable Object> {
  /**
   * Suspends the coroutine: {@code value} is what the pending {@link Coroutine#resume(Object)
   * resume} returns. It may be called from any depth below the body: out of a recursion, a lambda
   * inside a stream, a {@code synchronized} block, a static initializer, a callback that C code is
   * calling.
   *
   * @param value handed to the resumer; may be null
   * @return what the next {@code resume} hands in
   * @throws WrongThreadException if called by a thread other than the coroutine's own, such as that
   *     of a coroutine that it resumed
   * @throws IllegalStateException if the body has ended
   * @throws ForcedUnwind if the coroutine is being {@linkplain Coroutine#close closed}. Let it pass
   */
  I yield(O value);
}
