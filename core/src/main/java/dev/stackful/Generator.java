package dev.stackful;

import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A recipe for a sequence, written as a body that yields its elements. Every {@link #iterator()}
 * runs the body afresh, on a stack of its own, as far as elements are asked for.
 *
 * {@snippet class="dev.stackful.examples.snippets.Fibonacci" region="fibonacci"}
 *
 * The body may yield from whatever it calls, such as a parser's callback:
 *
 * {@snippet class="dev.stackful.examples.snippets.ElementNames" region="element-names"}
 *
 * <p>A generator is immutable and may be shared between threads; an iterator may not be used by two
 * at once. Each iterator runs the body in a {@link Coroutine}: what that says of thread identity,
 * of locks across a yield, of memory effects and of what an abandoned one costs holds here, with
 * the caller of {@link GeneratorIterator#hasNext() hasNext} or {@code next} as the resumer.
 *
 * @apiNote A {@code for} loop that is left by {@code break}, {@code return} or an exception does
 *     not close its iterator. Take the iterator or the stream in a {@code try}-with-resources where
 *     that can be.
 * @param <T> the elements; null is one like any other
 */
public final class Generator<T extends @Nullable Object> extends Recipe<Generator<T>>
    implements Iterable<T> {

  /**
   * What a generator runs.
   *
   * @param <T> the elements
   */
  @FunctionalInterface
  public interface Body<T extends @Nullable Object> {
    /**
     * Yields all elements, one after the other. The sequence ends where it returns or throws.
     *
     * @param scope where to yield them
     * @throws Exception comes out of the iterator, wrapped in a {@link CoroutineException} if it is
     *     checked
     */
    void run(GeneratorScope<T> scope) throws Exception;
  }

  private final Body<T> body;
  private final int bufferSize;

  private Generator(Coroutine.Builder settings, Body<T> body, int bufferSize) {
    super(settings);
    this.body = body;
    this.bufferSize = bufferSize;
  }

  /**
   * A generator on the {@linkplain Engine#preferred() preferred} engine.
   *
   * @param <T> the elements
   * @param body yields them
   * @return a generator
   * @throws NullPointerException if {@code body} is null
   */
  public static <T extends @Nullable Object> Generator<T> of(Body<T> body) {
    return new Generator<>(Coroutine.Builder.DEFAULT, Objects.requireNonNull(body, "body"), 1);
  }

  @Override
  public Generator<T> with(Coroutine.Builder settings) {
    return new Generator<>(settings, body, bufferSize);
  }

  /**
   * The same generator, whose body may run ahead of the iterator by up to {@code size} elements: a
   * switch for each batch instead of each element. What the body throws is thrown once the elements
   * before it are taken; what it yielded or threw ahead, and nobody took, is dropped by {@link
   * GeneratorIterator#close()}.
   *
   * {@snippet class="dev.stackful.examples.snippets.Buffered" region="buffered"}
   *
   * @apiNote The body's side effects come before their time, by a batch. So don't buffer one that
   *     waits for its consumer, or whose elements must be fresh.
   * @implNote Each iterator makes an array of {@code size} references at its first element.
   * @param size in elements, from 1, which is no buffer
   * @return a generator with the same body
   * @throws IllegalArgumentException if out of range
   */
  public Generator<T> buffered(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a buffer's size must be at least 1: " + size);
    }
    return new Generator<>(settings(), body, size);
  }

  /**
   * Starts the body afresh; it runs as far as elements are asked for. An iteration that is not
   * taken to its end should be {@linkplain GeneratorIterator#close() closed}: one that is merely
   * dropped is unwound some time after the garbage collector has seen it.
   *
   * @return an iterator that has not run anything yet
   * @throws EngineUnavailableException if the engine isn't available; the message says why
   * @throws IllegalArgumentException if no engine was chosen, and the system property {@code
   *     stackful.engine} names none
   */
  @Override
  public GeneratorIterator<T> iterator() {
    return new GeneratorIterator<>(this, body, bufferSize);
  }

  /**
   * The elements as a sequential, ordered stream, to be closed like an iterator where its end may
   * not be reached. Its spliterator is {@link Spliterator#ORDERED} and nothing more: its size is
   * unknown, and elements may be null.
   *
   * @return a stream over a new iterator; {@link Stream#close} closes that
   * @throws EngineUnavailableException as {@link #iterator()}
   * @throws IllegalArgumentException as {@link #iterator()}
   */
  public Stream<T> stream() {
    GeneratorIterator<T> iterator = iterator();
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED),
            /* parallel= */ false)
        .onClose(iterator::close);
  }

  /**
   * The elements for the subscribers of {@code java.util.concurrent.Flow}. Each runs the body
   * afresh, as far as it requests; nothing runs ahead of that but a {@linkplain #buffered buffer}.
   * The body runs, and the subscriber is called, on the thread that requests elements, within
   * {@link Flow.Subscription#request request}, so that no other thread is needed.
   *
   * {@snippet class="dev.stackful.examples.snippets.Flows" region="publisher"}
   *
   * <p>What the body throws is an {@code onError}, and so are a null element and a request for less
   * than one. To cancel is to unwind the body, at once if it is suspended; what that throws goes to
   * the thread's {@link Thread.UncaughtExceptionHandler}. What a subscriber throws, which it must
   * not, unwinds the body and comes out of the request.
   *
   * @return a publisher, which keeps the rules of Reactive Streams
   */
  public Flow.Publisher<T> publisher() {
    return new GeneratorPublisher<>(this, null);
  }

  /**
   * As {@link #publisher()}, but with the bodies and the subscribers' calls in tasks of an
   * executor, for bodies that block where the subscriber's own thread must not.
   *
   * @param executor runs the tasks; for each subscriber, one at a time. If it refuses one, the body
   *     is unwound, and that is an {@code onError}
   * @return a publisher, which keeps the rules of Reactive Streams
   * @throws NullPointerException if {@code executor} is null
   */
  public Flow.Publisher<T> publisher(Executor executor) {
    return new GeneratorPublisher<>(this, Objects.requireNonNull(executor, "executor"));
  }

  /** {@link GeneratorScope#yieldAll} for every kind of scope. */
  @SuppressWarnings("try") // an iterator whose close waits may well be interrupted in it
  static <T extends @Nullable Object> void yieldAll(
      GeneratorScope<T> scope, Iterable<? extends T> values) {
    if (values instanceof Generator<? extends T> generator) {
      runInPlace(generator.body, scope);
      return;
    }
    Iterator<? extends T> iterator = values.iterator();
    try (AutoCloseable _ = iterator instanceof AutoCloseable closeable ? closeable : null) {
      while (iterator.hasNext()) {
        scope.yield(iterator.next());
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CoroutineException("closing a nested iterator threw " + e, e);
    }
  }

  @SuppressWarnings("unchecked") // a scope only takes elements: one for T takes those of a subtype
  private static <S extends @Nullable Object> void runInPlace(
      Body<S> body, GeneratorScope<?> scope) {
    try {
      body.run((GeneratorScope<S>) scope);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CoroutineException("the body of a nested generator threw " + e, e);
    }
  }
}
