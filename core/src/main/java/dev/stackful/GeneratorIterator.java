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
  private static final @Nullable Object[] NOTHING = {};

  private final Coroutine<@Nullable Void, @Nullable Void> coroutine;
  private final Producer<T> producer;

  /**
   * The producer's array, once there was a batch. The next element stands at {@code next}, the one
   * after it below, the last at 0, so that the end takes no other field to tell.
   */
  private @Nullable Object[] batch = NOTHING;

  /** Negative where the batch has been taken. */
  private int next = -1;

  private boolean ended;

  /** What the body threw, while elements from before that are still to be taken. */
  private @Nullable Throwable failure;

  GeneratorIterator(Recipe<?> recipe, Generator.Body<T> body, int bufferSize) {
    // The body's side doesn't know this iterator: it could never be found abandoned.
    this.producer = new Producer<>(body, bufferSize);
    this.coroutine = recipe.coroutine(producer);
  }

  /**
   * What the coroutine runs, the scope that its body gets, and the elements that the body has
   * yielded and the iterator not fetched, at most as many as it may run ahead. Only one side runs
   * at a time, so nothing here needs ordering.
   *
   * <p>All that in one object, since compiled code holds a yield's objects in registers, and has
   * few: with two of them a yield took half as long again.
   */
  private static final class Producer<T extends @Nullable Object>
      implements Coroutine.Body<@Nullable Void, @Nullable Void>, OwnedBody, GeneratorScope<T> {
    /** Null once it has begun, or never will: what it captures may be large. */
    private Generator.@Nullable Body<T> body;

    private final int bufferSize;

    /** Filled from the end to the start. */
    private @Nullable Object[] elements = NOTHING;

    /** Where the next element goes; negative where there is no room. */
    private int place = -1;

    /** Nobody takes any more: the body is to leave at its next yield, whatever room there is. */
    private boolean closed;

    /**
     * The body's thread, for as long as nothing is known to stand against its yields: a single look
     * at it is all that most of them take.
     */
    private @Nullable Thread yielder;

    /** Null until the body begins. */
    private @Nullable CoroutineCore<?, @Nullable Void> self;

    Producer(Generator.Body<T> body, int bufferSize) {
      this.body = body;
      this.bufferSize = bufferSize;
    }

    @Override
    public @Nullable Void run(Yielder<@Nullable Void, @Nullable Void> self, @Nullable Void first)
        throws Exception {
      elements = new Object[bufferSize];
      place = bufferSize - 1;
      this.self = (CoroutineCore<?, @Nullable Void>) self;
      yielder = Thread.currentThread();
      Generator.Body<T> begun = Objects.requireNonNull(body);
      body = null;
      try {
        begun.run(this);
      } finally {
        yielder = null;
      }
      return null;
    }

    @Override
    public String owner() {
      return "a generator";
    }

    /** The last of a batch goes the other way: compiled code is shorter if no call follows here. */
    @Override
    public void yield(T value) {
      if (Thread.currentThread() == yielder) {
        int i = place;
        if (i > 0) {
          elements[i] = value;
          place = i - 1;
          return;
        }
      }
      yieldSlowly(value);
    }

    private void yieldSlowly(T value) {
      CoroutineCore<?, @Nullable Void> core = core();
      if (Thread.currentThread() != yielder && (core.isUnwinding() || closed)) {
        core.yield(null); // the element is dropped
        return;
      }
      int i = place;
      elements[i] = value;
      place = i - 1;
      if (i == 0) {
        handOver(core);
      }
    }

    private void handOver(CoroutineCore<?, @Nullable Void> core) {
      try {
        core.yield(null);
      } catch (Throwable t) { // it is being closed, say
        yielder = null;
        if (place < 0 && !closed) { // it could not leave: the stack overflowed
          elements[0] = null;
          place = 0;
        }
        throw t;
      }
    }

    @Override
    public void yieldAll(Iterable<? extends T> values) {
      Objects.requireNonNull(values, "values");
      core().checkRunning(); // of no values too, and before their iterator is made
      Generator.yieldAll(this, values);
    }

    private CoroutineCore<?, @Nullable Void> core() {
      return Objects.requireNonNull(self);
    }

    void close() {
      closed = true;
      yielder = null;
      elements = NOTHING;
      place = -1;
    }
  }

  /** {@link GeneratorScope#current}. */
  @SuppressWarnings("unchecked") // as its Javadoc says
  static <T extends @Nullable Object> GeneratorScope<T> currentScope() {
    StackTask task = CoroutineStack.currentTask();
    if (task != null && task.body() instanceof Producer<?> producer && producer.self != null) {
      return (GeneratorScope<T>) producer;
    }
    throw new IllegalStateException(
        "no generator's body is running on the thread "
            + Thread.currentThread().getName()
            + ": call this in a body, or in what it calls on its own thread");
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
    return next >= 0 || fill();
  }

  /** Runs the body until the buffer is full or the body ends; says whether there is an element. */
  private boolean fill() {
    ended = ended || coroutine.isDone();
    if (!ended) {
      failure = null; // of the iterator's own side, such as a full stack: the body goes on
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
      // No call until what has come is the iterator's, as the stack may be nearly full. The body's
      // side is empty then: a resume that fails before the body goes on brings nothing.
      @Nullable Object[] elements = producer.elements;
      int empty = elements.length - 1;
      int lowest = producer.place + 1;
      producer.place = empty;
      for (int i = lowest; lowest > 0 && i <= empty; i++) { // the last batch's end is at 0 too
        elements[i - lowest] = elements[i];
        elements[i] = null;
      }
      batch = elements;
      next = empty - lowest;
    }
    if (next < 0 && failure != null) {
      Throwable thrown = failure;
      failure = null;
      throw unchecked(thrown);
    }
    return next >= 0;
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
    int i = next;
    @Nullable Object[] elements = batch;
    if (Integer.compareUnsigned(i, elements.length) >= 0) { // the array's own check, and this one
      return nextOfAnotherBatch();
    }
    T value = (T) elements[i];
    elements[i] = null;
    next = i - 1;
    return value;
  }

  private T nextOfAnotherBatch() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return next();
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
      @Nullable Object[] elements = batch;
      int i = next;
      do { // as long as the action takes none itself, and doesn't close
        T value = (T) elements[i];
        elements[i--] = null;
        next = i;
        action.accept(value);
      } while (i >= 0 && i == next);
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
    return (T) batch[next];
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
    producer.close();
    drop();
    coroutine.close();
    producer.body = null; // of one that has not begun
  }

  /** Forgets what the body has handed out. */
  private void drop() {
    batch = NOTHING;
    next = -1;
    failure = null;
  }

  /** The name and the state of its coroutine, for people. */
  @Override
  public String toString() {
    return "GeneratorIterator[" + coroutine.name() + ", " + coroutine.state() + "]";
  }
}
