package dev.stackful;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * One run of a generator's body. It closes itself at the end; who stops earlier closes it, so that
 * the body's {@code finally} blocks run then and not when the garbage collector gets there.
 *
 * <p>It may be handed from thread to thread, like any iterator, but not used by two at once.
 *
 * @param <T> the elements
 */
public final class GeneratorIterator<T extends @Nullable Object>
    implements Iterator<T>, AutoCloseable {
  private final Coroutine<@Nullable Void, @Nullable T> coroutine;
  private @Nullable T next;
  private boolean hasNext;
  private boolean ended;

  GeneratorIterator(Coroutine.Builder builder, Generator.Body<T> body) {
    this.coroutine =
        builder.build(
            (self, first) -> {
              body.run(new Scope<>(self));
              return null;
            });
  }

  /** The body's side of it. */
  private record Scope<T extends @Nullable Object>(Yielder<@Nullable Void, @Nullable T> self)
      implements GeneratorScope<T> {
    @Override
    public void yield(T value) {
      self.yield(value);
    }

    @Override
    public void yieldAll(Iterable<? extends T> values) {
      Generator.yieldAll(this, values);
    }
  }

  /**
   * Whether there is another element: runs the body up to it.
   *
   * @throws CoroutineException if the body threw a checked exception; the iteration has ended then
   */
  @Override
  public boolean hasNext() {
    if (!hasNext && !ended) {
      advance();
    }
    return hasNext;
  }

  private void advance() {
    try {
      T value = coroutine.resume(null);
      if (coroutine.isDone()) {
        ended = true;
      } else {
        next = value;
        hasNext = true;
      }
    } finally {
      ended |= coroutine.isDone();
    }
  }

  /**
   * The next element.
   *
   * @throws NoSuchElementException if there is none
   * @throws CoroutineException as {@link #hasNext}
   */
  @Override
  @SuppressWarnings("NullAway")
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    T value = next;
    next = null;
    hasNext = false;
    return value;
  }

  /**
   * Ends the iteration: unwinds the body, if it is suspended. Further calls do nothing.
   *
   * @throws IllegalStateException if the body is running, or goes on yielding while it is unwound
   */
  @Override
  public void close() {
    coroutine.close();
    ended = true;
    hasNext = false;
    next = null;
  }
}
