package dev.stackful;

import dev.stackful.internal.engine.CoroutineStack;
import dev.stackful.internal.engine.OwnedBody;
import dev.stackful.internal.engine.StackTask;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a generator's body. It closes itself at the end; a consumer that stops earlier closes
 * it, so that the body's {@code finally} blocks run then and not when the garbage collector gets
 * there. What it costs until then is what an {@linkplain Coroutine##abandonment abandoned
 * coroutine} costs.
 *
 * <p>It may be handed from thread to thread, in any way that orders the two threads' actions, but
 * not used by two at once: then elements may be lost or come twice. The body runs on one thread of
 * its own all the same. {@link #remove} is not supported.
 *
 * @param <T> the elements
 * @since 0.1.0
 */
public final class GeneratorIterator<T extends @Nullable Object>
    implements PeekableIterator<T>, AutoCloseable {
  private final Coroutine<@Nullable Void, @Nullable Void> coroutine;
  private final Buffer buffer;

  /** How many elements of the buffer are the iterator's: all, once the body has left. */
  private int available;

  private int taken;
  private boolean ended;

  /** What the body threw, while elements from before that are still to be taken. */
  private @Nullable Throwable failure;

  GeneratorIterator(Recipe<?> recipe, Generator.Body<T> body, int bufferSize) {
    // The body's side knows the buffer and not this iterator: it could never be found abandoned.
    this.buffer = new Buffer();
    this.coroutine = recipe.coroutine(new Producer<>(body, buffer, bufferSize));
  }

  /**
   * The elements that the body has yielded and the iterator has not taken, at most as many as the
   * body may run ahead. Only one side runs at a time, so nothing here needs ordering.
   */
  private static final class Buffer {
    private @Nullable Object[] elements = {};
    private int count;

    /** Nobody takes any more: the body is to leave at its next yield, whatever room there is. */
    private boolean closed;

    /**
     * The body's thread, for as long as nothing is known to stand against its yields: a single look
     * at it is all that most of them take.
     */
    private @Nullable Thread yielder;
  }

  /** What the coroutine runs. */
  private static final class Producer<T extends @Nullable Object>
      implements Coroutine.Body<@Nullable Void, @Nullable Void>, OwnedBody {
    private final Generator.Body<T> body;
    private final Buffer buffer;
    private final int bufferSize;
    private @Nullable Scope<T> scope;

    Producer(Generator.Body<T> body, Buffer buffer, int bufferSize) {
      this.body = body;
      this.buffer = buffer;
      this.bufferSize = bufferSize;
    }

    @Override
    public @Nullable Void run(Yielder<@Nullable Void, @Nullable Void> self, @Nullable Void first)
        throws Exception {
      buffer.elements = new Object[bufferSize];
      Scope<T> made = new Scope<>(buffer, (CoroutineCore<?, @Nullable Void>) self);
      scope = made;
      buffer.yielder = Thread.currentThread();
      try {
        body.run(made);
      } finally {
        buffer.yielder = null;
      }
      return null;
    }

    @Override
    public String owner() {
      return "a generator";
    }
  }

  /** {@link GeneratorScope#current}. */
  @SuppressWarnings("unchecked") // as its Javadoc says
  static <T extends @Nullable Object> GeneratorScope<T> currentScope() {
    StackTask task = CoroutineStack.currentTask();
    if (task != null && task.body() instanceof Producer<?> producer && producer.scope != null) {
      return (GeneratorScope<T>) producer.scope;
    }
    throw new IllegalStateException(
        "no generator's body is running on the thread "
            + Thread.currentThread().getName()
            + ": call this in a body, or in what it calls on its own thread");
  }

  /** The body's side. */
  private record Scope<T extends @Nullable Object>(
      Buffer buffer, CoroutineCore<?, @Nullable Void> self) implements GeneratorScope<T> {
    @Override
    public void yield(T value) {
      Buffer b = buffer;
      if (Thread.currentThread() != b.yielder && (self.isUnwinding() || b.closed)) {
        self.yield(null); // the element is dropped
        return;
      }
      @Nullable Object[] elements = b.elements;
      int count = b.count;
      elements[count++] = value;
      b.count = count;
      if (count == elements.length) {
        handOver();
      }
    }

    private void handOver() {
      try {
        self.yield(null);
      } catch (Throwable t) { // it is being closed, say
        buffer.yielder = null;
        throw t;
      } finally {
        buffer.count = 0; // taken, or dropped by an unwinding
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
   * @throws NotResumableException if the body is running: it, or what it called, asks for its own
   *     next element, or another thread does; nothing has changed then
   * @throws CoroutineLimitException if this is the first element and there is no stack; it may be
   *     asked for again
   */
  @Override
  public boolean hasNext() {
    return taken < available || fill();
  }

  /** Runs the body until the buffer is full or the body ends; says whether there is an element. */
  private boolean fill() {
    if (!ended) {
      try {
        coroutine.resume(null);
      } catch (Throwable t) {
        if (t instanceof NotResumableException refusal && coroutine.hasRefused(refusal)) {
          throw refusal;
        }
        failure = t;
      }
      if (ended) { // the body has closed its own iterator
        return endFromInside();
      }
      ended = coroutine.isDone();
      taken = 0;
      available = buffer.count;
    }
    if (taken == available && failure != null) {
      Throwable thrown = failure;
      failure = null;
      throw unchecked(thrown);
    }
    return taken < available;
  }

  /** What the iterator's close would have done, had the body not been running. */
  private boolean endFromInside() {
    Throwable thrown = failure;
    drop();
    if (thrown != null) {
      throw unchecked(thrown);
    }
    coroutine.close();
    return false;
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
   * @throws NotResumableException as {@link #hasNext}
   * @throws CoroutineLimitException as {@link #hasNext}
   */
  @Override
  @SuppressWarnings("unchecked") // only the scope puts elements there
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    @Nullable Object[] elements = buffer.elements;
    int index = taken;
    T value = (T) elements[index];
    elements[index] = null;
    taken = index + 1;
    return value;
  }

  /**
   * {@inheritDoc}
   *
   * @throws CoroutineException as {@link #hasNext}
   * @throws NotResumableException as {@link #hasNext}
   * @throws CoroutineLimitException as {@link #hasNext}
   */
  @Override
  @SuppressWarnings("unchecked") // only the scope puts elements there
  public void forEachRemaining(Consumer<? super T> action) {
    Objects.requireNonNull(action, "action");
    while (hasNext()) {
      @Nullable Object[] elements = buffer.elements;
      int index = taken;
      do { // as long as the action takes none itself, and doesn't close
        T value = (T) elements[index];
        elements[index++] = null;
        taken = index;
        action.accept(value);
      } while (index == taken && index < available);
    }
  }

  /**
   * The next element, which stays the next.
   *
   * @throws NoSuchElementException if there is none
   * @throws CoroutineException as {@link #hasNext}
   * @throws NotResumableException as {@link #hasNext}
   * @throws CoroutineLimitException as {@link #hasNext}
   */
  @Override
  @SuppressWarnings("unchecked")
  public T peek() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return (T) buffer.elements[taken];
  }

  /**
   * Ends the iteration: unwinds the body, if it is suspended, as {@link Coroutine#close} does, and
   * drops what it yielded ahead. What the body throws instead of letting {@link ForcedUnwind} pass
   * comes out. Where the body has ended it does nothing.
   *
   * @throws NotResumableException if the body is running: it, or what it called, closes its own
   *     iterator, or another thread does. The iteration has ended all the same: the body is unwound
   *     where it yields next
   * @throws IllegalStateException if the body goes on yielding while it is unwound; the iteration
   *     has ended all the same, and another {@code close} tries again to unwind the body
   * @throws CoroutineException if the body threw a checked exception while it was unwound
   */
  @Override
  public void close() {
    ended = true;
    buffer.closed = true;
    buffer.yielder = null;
    drop();
    coroutine.close();
  }

  /** Forgets what the body has handed out. */
  private void drop() {
    taken = 0;
    available = 0;
    failure = null;
  }

  /** The name and the state of its coroutine, for people. */
  @Override
  public String toString() {
    return "GeneratorIterator[" + coroutine.name() + ", " + coroutine.state() + "]";
  }
}
