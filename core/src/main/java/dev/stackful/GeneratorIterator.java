package dev.stackful;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of a generator's body. It closes itself at the end; who stops earlier closes it, so that
 * the body's {@code finally} blocks run then and not when the garbage collector gets there. What it
 * costs until then is what an {@linkplain Coroutine##abandonment abandoned coroutine} costs.
 *
 * <p>It may be handed from thread to thread, in whatever way orders the two threads' actions, but
 * not used by two at once: then elements may be lost or come twice. The body runs on one thread of
 * its own all the same. {@link #remove} is not supported.
 *
 * @param <T> the elements
 */
public final class GeneratorIterator<T extends @Nullable Object>
    implements Iterator<T>, AutoCloseable {
  private final Coroutine<@Nullable Void, @Nullable Void> coroutine;
  private final Buffer buffer;
  private int taken;
  private boolean ended;

  /** What the body threw, while elements from before that are still to be taken. */
  private @Nullable Throwable failure;

  GeneratorIterator(Coroutine.Builder builder, Generator.Body<T> body, int bufferSize) {
    // The body's side knows the buffer and not this iterator: it could never be found abandoned.
    Buffer shared = new Buffer();
    this.buffer = shared;
    this.coroutine =
        builder.build(
            (self, first) -> {
              shared.elements = new Object[bufferSize];
              body.run(new Scope<>(shared, (CoroutineCore<?, @Nullable Void>) self));
              return null;
            });
  }

  /**
   * The elements that the body has yielded and the iterator has not taken, at most as many as the
   * body may run ahead. Only one side runs at a time, so nothing here needs ordering.
   */
  private static final class Buffer {
    private @Nullable Object[] elements = {};
    private int count;
  }

  /** The body's side. */
  private record Scope<T extends @Nullable Object>(
      Buffer buffer, CoroutineCore<?, @Nullable Void> self) implements GeneratorScope<T> {
    @Override
    public void yield(T value) {
      self.checkRunning();
      buffer.elements[buffer.count++] = value;
      if (buffer.count == buffer.elements.length) {
        try {
          self.yield(null);
        } finally {
          buffer.count = 0; // taken, or dropped by an unwinding
        }
      }
    }

    @Override
    public void yieldAll(Iterable<? extends T> values) {
      Objects.requireNonNull(values, "values");
      self.checkRunning(); // of no values too, and before their iterator is made
      Generator.yieldAll(this, values);
    }
  }

  /**
   * Whether there is another element: runs the body up to it, unless the buffer has one.
   *
   * @throws CoroutineException if the body threw a checked exception; the iteration has ended then,
   *     as it has after an unchecked one, which comes out as it is
   * @throws IllegalStateException if the body is running: it, or what it called, asks for its own
   *     next element, or another thread does
   * @throws CoroutineLimitException if this is the first element and there is no stack; it may be
   *     asked for again
   */
  @Override
  public boolean hasNext() {
    return taken < buffer.count || fill();
  }

  /** Runs the body until the buffer is full or the body ends; says whether there is an element. */
  private boolean fill() {
    taken = 0;
    buffer.count = 0;
    if (!ended) {
      try {
        coroutine.resume(null);
      } catch (Throwable t) {
        failure = t;
      }
      ended = coroutine.isDone();
    }
    if (buffer.count == 0 && failure != null) {
      Throwable thrown = failure;
      failure = null;
      throw unchecked(thrown);
    }
    return buffer.count > 0;
  }

  /** What comes out of a resume is never checked. */
  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof Error e) {
      throw e;
    }
    return (RuntimeException) thrown;
  }

  /**
   * The next element.
   *
   * @throws NoSuchElementException if there is none
   * @throws CoroutineException as {@link #hasNext}
   * @throws IllegalStateException as {@link #hasNext}
   * @throws CoroutineLimitException as {@link #hasNext}
   */
  @Override
  @SuppressWarnings("unchecked")
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    @Nullable Object[] elements = buffer.elements;
    T value = (T) elements[taken];
    elements[taken++] = null;
    return value;
  }

  /**
   * Ends the iteration: unwinds the body, if it is suspended, as {@link Coroutine#close} does, and
   * drops what it yielded ahead. What the body throws instead of letting {@link ForcedUnwind} pass
   * comes out. On an iteration that has ended it does nothing.
   *
   * @throws IllegalStateException if the body is running, or goes on yielding while it is unwound;
   *     the iteration has ended all the same
   * @throws CoroutineException if the body threw a checked exception while it was unwound
   */
  @Override
  public void close() {
    try {
      coroutine.close();
    } finally {
      ended = true;
      taken = 0;
      buffer.count = 0;
      failure = null;
    }
  }
}
