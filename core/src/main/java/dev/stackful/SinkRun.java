package dev.stackful;

import dev.stackful.internal.engine.OwnedBody;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a sink's body, for whoever has the elements: {@link #accept} pushes one, {@link
 * #finish} tells that there are no more and gives the result. A run that is not finished is to be
 * closed, which unwinds the body where it waits.
 *
 * <p>It may be handed from thread to thread, in any way that orders the two threads' actions, but
 * not used by two at once: then elements may be lost. The body runs on one thread of its own all
 * the same.
 *
 * @param <T> the elements
 * @param <R> what the body makes of them
 * @since 0.1.0
 */
public final class SinkRun<T extends @Nullable Object, R extends @Nullable Object>
    implements Consumer<T>, AutoCloseable {
  private final Coroutine<@Nullable Void, @Nullable R> coroutine;
  private final Buffer buffer;
  private final int bufferSize;

  private @Nullable R result;
  private @Nullable Throwable failure;
  private boolean closed;

  SinkRun(Recipe<?> recipe, Sink.Body<T, R> body, int bufferSize) {
    // The body's side knows the buffer and not this run: it could never be found abandoned.
    this.buffer = new Buffer();
    this.bufferSize = bufferSize;
    this.coroutine = recipe.coroutine(new Consuming<>(body, buffer));
  }

  /**
   * The elements that have been pushed and the body has not taken. Only one side runs at a time, so
   * nothing here needs ordering.
   */
  static final class Buffer {
    private @Nullable Object[] elements = {};
    private int taken;
    private int count;

    /** Whether the body has its turn: then it is no time to push. */
    private boolean bodyRuns;

    private boolean over;

    /** What the body finds at the end of the elements, instead of the end. */
    private @Nullable Throwable inputFailure;
  }

  /** What the coroutine runs. */
  private record Consuming<T extends @Nullable Object, R extends @Nullable Object>(
      Sink.Body<T, R> body, Buffer buffer)
      implements Coroutine.Body<@Nullable Void, @Nullable R>, OwnedBody {
    @Override
    public @Nullable R run(Yielder<@Nullable Void, @Nullable R> self, @Nullable Void first)
        throws Exception {
      return body.run(new Source<>(buffer, (CoroutineCore<?, ?>) self));
    }

    @Override
    public String owner() {
      return "a sink";
    }
  }

  /** The body's side. It is made on the body's thread. */
  static final class Source<T extends @Nullable Object> implements PeekableIterator<T> {
    private final Buffer buffer;
    private final CoroutineCore<?, ?> self;
    private final Thread thread = Thread.currentThread();

    Source(Buffer buffer, CoroutineCore<?, ?> self) {
      this.buffer = buffer;
      this.self = self;
    }

    CoroutineCore<?, ?> self() {
      return self;
    }

    @Override
    public boolean hasNext() {
      if (!self.isPlainlyRunning(thread)) {
        self.checkRunning();
      }
      return buffer.taken < buffer.count || await();
    }

    /** Suspends the body until there is an element, unless there is to be none. */
    private boolean await() {
      buffer.taken = 0;
      buffer.count = 0;
      if (!buffer.over) {
        self.yield(null);
      }
      if (buffer.count == 0 && buffer.inputFailure != null) {
        SinkRun.<RuntimeException>throwUnchecked(buffer.inputFailure);
      }
      return buffer.count > 0;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T peek() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return (T) buffer.elements[buffer.taken];
    }

    @Override
    @SuppressWarnings("unchecked")
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Buffer b = buffer;
      @Nullable Object[] elements = b.elements;
      int index = b.taken;
      T value = (T) elements[index];
      elements[index] = null;
      b.taken = index + 1;
      return value;
    }
  }

  /**
   * Pushes an element: the body goes on until it asks for the one after, or ends. In a {@linkplain
   * Sink#buffered buffered} sink it does so when the buffer is full.
   *
   * <p>If the body ends without having taken an element that was pushed before, that one is
   * dropped. After its end no more are taken, so that the caller may want to ask {@link #isDone}.
   *
   * @param element may be null
   * @throws CoroutineException if the body threw a checked exception; an unchecked one comes out as
   *     it is
   * @throws NotResumableException if the body is running: it, or what it called, pushes to its own
   *     input, or another thread does; nothing has changed then
   * @throws IllegalStateException if the body has returned or thrown, or the run is closed
   * @throws CoroutineLimitException if the body has not begun and there is no stack for it; the
   *     element may be pushed again
   */
  @Override
  public void accept(T element) {
    if (put(element)) {
      try {
        run();
      } catch (Throwable t) {
        if (coroutine.state() == Coroutine.State.NEW) {
          buffer.elements[--buffer.count] = null;
        }
        throw t;
      }
    }
  }

  /** Puts an element into the buffer; says whether that is full now, so that the body must run. */
  boolean put(T element) {
    if (putBeforeLast(element)) {
      return false;
    }
    Buffer b = buffer;
    if (b.bodyRuns || isDone()) {
      throw refusal("take an element");
    }
    if (b.elements.length == 0) {
      b.elements = new Object[bufferSize];
    }
    b.elements[b.count++] = element;
    return b.count == bufferSize;
  }

  /**
   * Puts an element into the buffer, unless it is the first or would fill it. Where there is an
   * element, and room, the run is neither done nor closed: its end has emptied the buffer.
   */
  boolean putBeforeLast(T element) {
    Buffer b = buffer;
    int count = b.count;
    if (count == 0 || count >= bufferSize - 1 || b.bodyRuns) {
      return false;
    }
    b.elements[count] = element;
    b.count = count + 1;
    return true;
  }

  /**
   * Has the body take what is in the buffer. It does nothing where nothing is.
   *
   * @throws CoroutineException as {@link #accept}
   * @throws NotResumableException as {@link #accept}
   * @throws IllegalStateException as {@link #accept}
   * @throws CoroutineLimitException as {@link #accept}
   */
  public void flush() {
    if (buffer.bodyRuns || isDone()) {
      throw refusal("flush");
    }
    if (buffer.count > 0) {
      run();
    }
  }

  /**
   * Tells the body that there are no more elements, and runs it to its end.
   *
   * @return the body's result; the same again if it is called again, or if the body had returned
   *     before
   * @throws CoroutineException as {@link #accept}
   * @throws NotResumableException as {@link #accept}
   * @throws IllegalStateException if the body has thrown, which is the cause, or the run is closed
   * @throws CoroutineLimitException as {@link #accept}
   */
  public R finish() {
    return end(null);
  }

  /**
   * Tells the body that its input has failed: once the elements before are taken, its iterator
   * throws {@code failure}, whenever it is asked, so that the body can't take what has come for the
   * whole. Then it is run to its end.
   *
   * @param failure what the body gets; a checked exception is thrown as it is
   * @return the body's result, if it has caught the exception, or had returned before
   * @throws NullPointerException if {@code failure} is null; nothing has changed then
   * @throws CoroutineException if the body lets a checked exception out, this one or another; an
   *     unchecked one comes out as it is
   * @throws IllegalStateException as {@link #finish}
   * @throws CoroutineLimitException as {@link #accept}
   */
  public R fail(Throwable failure) {
    return end(Objects.requireNonNull(failure, "failure"));
  }

  private R end(@Nullable Throwable inputFailure) {
    boolean returned = isDone() && failure == null && !closed;
    if (buffer.bodyRuns || (isDone() && !returned)) {
      throw refusal("finish");
    }
    if (!returned) {
      buffer.over = true;
      buffer.inputFailure = inputFailure;
      try {
        run();
      } catch (Throwable t) {
        if (!isDone()) {
          buffer.over = false;
          buffer.inputFailure = null;
        }
        throw t;
      }
    }
    return result;
  }

  /** Gives the body its turn. */
  void run() {
    buffer.bodyRuns = true;
    try {
      R out = coroutine.resume(null);
      if (coroutine.isDone()) {
        result = out;
        drop();
      } else if (closed) { // the body has closed its own run
        coroutine.close();
      }
    } catch (Throwable t) {
      if (coroutine.isDone()) {
        failure = t;
        drop();
      }
      throw t;
    } finally {
      buffer.bodyRuns = false;
    }
  }

  private void drop() {
    buffer.elements = new Object[0];
    buffer.taken = 0;
    buffer.count = 0;
  }

  private RuntimeException refusal(String what) {
    if (buffer.bodyRuns) {
      coroutine.resume(null); // refuses, and says why
    }
    String cannot = "the sink " + coroutine.name() + " cannot " + what + ": ";
    if (closed) {
      return new IllegalStateException(cannot + "it has been closed");
    }
    return failure != null
        ? new IllegalStateException(cannot + "its body has thrown " + failure, failure)
        : new IllegalStateException(cannot + "its body has returned, which isDone() tells");
  }

  /** {@return whether the body has returned or thrown, or the run is closed} */
  public boolean isDone() {
    return closed || coroutine.isDone();
  }

  /**
   * Ends a run that isn't finished: unwinds the body, if it is suspended, as {@link
   * Coroutine#close} does; one that has not begun never runs. What is in the buffer is dropped.
   * What the body throws instead of letting {@link ForcedUnwind} pass comes out. On a run whose
   * body has ended it does nothing.
   *
   * @throws NotResumableException if the body is running; the run is closed all the same, and the
   *     body unwound where it waits next
   * @throws IllegalStateException if the body goes on waiting for elements while it is unwound
   * @throws CoroutineException if the body threw a checked exception while it was unwound
   */
  @Override
  public void close() {
    if (!coroutine.isDone()) {
      closed = true;
      drop();
      coroutine.close();
    }
  }

  /** Throws a checked exception too: the body may well catch it, whatever an iterator declares. */
  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void throwUnchecked(Throwable thrown) throws X {
    throw (X) thrown;
  }

  /** The name and the state of its coroutine, for people. */
  @Override
  public String toString() {
    return "SinkRun[" + coroutine.name() + ", " + coroutine.state() + "]";
  }
}
