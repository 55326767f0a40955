package dev.stackful;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import java.util.function.Consumer;
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
 * the caller of {@link GeneratorIterator#hasNext() hasNext} or {@code next} as the resumer. The
 * body sees the thread-locals of whoever that is, and changes them, and is interrupted with it: see
 * {@link Coroutine.Context#RESUMER}.
 *
 * @apiNote A {@code for} loop that is left by {@code break}, {@code return} or an exception does
 *     not close its iterator. Where that can be, take the iterator or the stream in a {@code
 *     try}-with-resources, or call {@link #forEach}.
 * @param <T> the elements; null is one like any other
 * @since 0.1.0
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
  private static final int POSSIBLE_CHARACTERISTICS =
      Spliterator.DISTINCT | Spliterator.NONNULL | Spliterator.SORTED | Spliterator.ORDERED;

  private final int bufferSize;
  private final int characteristics;

  private Generator(Coroutine.Builder settings, Body<T> body, int bufferSize, int characteristics) {
    super(settings);
    this.body = body;
    this.bufferSize = bufferSize;
    this.characteristics = characteristics;
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
    return new Generator<>(
        Coroutine.Builder.DEFAULT, Objects.requireNonNull(body, "body"), 1, Spliterator.ORDERED);
  }

  /**
   * Two sequences in step: the combination of the first elements, of the second ones, and so on, up
   * to the end of the shorter. Both are iterated afresh each time; iterators that are {@link
   * AutoCloseable}, as those of generators are, are closed.
   *
   * @param <A> the elements of the first
   * @param <B> the elements of the second
   * @param <T> what is made of a pair
   * @param first a sequence; where it is the longer one, it is asked for an element that is dropped
   * @param second another
   * @param combiner makes an element of a pair
   * @return a generator
   * @throws NullPointerException if an argument is null
   */
  public static <A extends @Nullable Object, B extends @Nullable Object, T extends @Nullable Object>
      Generator<T> zip(
          Iterable<? extends A> first,
          Iterable<? extends B> second,
          BiFunction<? super A, ? super B, ? extends T> combiner) {
    return of(
        Combined.<A, B, T>zip(
            Objects.requireNonNull(first, "first"),
            Objects.requireNonNull(second, "second"),
            Objects.requireNonNull(combiner, "combiner")));
  }

  /**
   * Sorted sequences merged into one: always the least of their next elements, of equal ones that
   * of the earlier sequence. No sequence is asked for more than its next element. All are iterated
   * afresh each time; iterators that are {@link AutoCloseable}, as those of generators are, are
   * closed.
   *
   * @param <T> the elements
   * @param order by which each sequence is sorted; where one is not, neither is the result
   * @param sorted the sequences
   * @return a generator
   * @throws NullPointerException if an argument, or a sequence, is null
   */
  public static <T extends @Nullable Object> Generator<T> merge(
      Comparator<? super T> order, List<? extends Iterable<? extends T>> sorted) {
    Objects.requireNonNull(order, "order");
    return of(Combined.<T>merge(order, List.copyOf(Objects.requireNonNull(sorted, "sorted"))));
  }

  @Override
  public Generator<T> with(Coroutine.Builder settings) {
    return new Generator<>(settings, body, bufferSize, characteristics);
  }

  /**
   * The same generator, with something declared about its elements that spares a stream work which
   * they don't need, such as {@code sorted()} on what is sorted. It is not checked.
   *
   * @param characteristics any of {@link Spliterator#DISTINCT}, {@link Spliterator#NONNULL}, {@link
   *     Spliterator#SORTED}, by the natural order, and {@link Spliterator#ORDERED}, which they
   *     always are
   * @return a generator with the same body
   * @throws IllegalArgumentException for other characteristics, which no generator has
   */
  public Generator<T> characteristics(int characteristics) {
    int others = characteristics & ~POSSIBLE_CHARACTERISTICS;
    if (others != 0) {
      throw new IllegalArgumentException(
          "a generator's elements can be DISTINCT, NONNULL, SORTED and ORDERED only, not "
              + others);
    }
    return new Generator<>(settings(), body, bufferSize, characteristics | Spliterator.ORDERED);
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
    return new Generator<>(settings(), body, size, characteristics);
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
   * Hands all elements to an action. If that throws, the iterator is closed, which nobody else
   * could; what closing it throws is suppressed.
   *
   * @param action gets each element
   * @throws EngineUnavailableException as {@link #iterator()}
   * @throws IllegalArgumentException as {@link #iterator()}
   * @throws CoroutineException if the body threw a checked exception; an unchecked one comes out as
   *     it is
   * @throws CoroutineLimitException if there is no stack for the body
   */
  @Override
  public void forEach(Consumer<? super T> action) {
    Objects.requireNonNull(action, "action");
    GeneratorIterator<T> iterator = iterator();
    try {
      iterator.forEachRemaining(action);
    } catch (Throwable thrown) {
      close(iterator, thrown);
      throw thrown;
    }
  }

  /**
   * A spliterator over a new iterator, which nobody can close where it is not run to its end: so
   * {@link #stream()} is better. Its size is unknown. It is {@link Spliterator#ORDERED}, and what
   * {@link #characteristics} has said, and nothing more. It splits off batches of elements, which
   * it takes beforehand.
   *
   * @return a spliterator that has not run anything yet
   * @throws EngineUnavailableException as {@link #iterator()}
   * @throws IllegalArgumentException as {@link #iterator()}
   */
  @Override
  public Spliterator<T> spliterator() {
    return spliterator(iterator());
  }

  private Spliterator<T> spliterator(GeneratorIterator<T> iterator) {
    return Spliterators.spliteratorUnknownSize(iterator, characteristics);
  }

  /**
   * The elements as a sequential, ordered stream, to be closed like an iterator where its end may
   * not be reached. Its spliterator is as {@link #spliterator()} says.
   *
   * @return a stream over a new iterator; {@link Stream#close} closes that
   * @throws EngineUnavailableException as {@link #iterator()}
   * @throws IllegalArgumentException as {@link #iterator()}
   */
  public Stream<T> stream() {
    GeneratorIterator<T> iterator = iterator();
    return StreamSupport.stream(spliterator(iterator), /* parallel= */ false)
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
  static <T extends @Nullable Object> void yieldAll(
      GeneratorScope<T> scope, Iterable<? extends T> values) {
    if (values instanceof Generator<? extends T> generator) {
      runInPlace(generator.body, scope);
      return;
    }
    Iterator<? extends T> iterator = values.iterator();
    Throwable thrown = null;
    try {
      while (iterator.hasNext()) {
        scope.yield(iterator.next());
      }
    } catch (Throwable t) {
      thrown = t;
      throw t;
    } finally {
      if (iterator instanceof AutoCloseable closeable) {
        close(closeable, thrown);
      }
    }
  }

  /**
   * What was thrown before counts, as with try-with-resources; which can't be used, as it doesn't
   * let an iterator throw the same exception again from its close.
   */
  static void close(AutoCloseable iterator, @Nullable Throwable thrown) {
    try {
      iterator.close();
    } catch (Throwable t) {
      if (thrown != null) {
        if (thrown != t) {
          thrown.addSuppressed(t);
        }
      } else if (t instanceof RuntimeException e) {
        throw e;
      } else if (t instanceof Error e) {
        throw e;
      } else {
        throw new CoroutineException("closing a nested iterator threw " + t, t);
      }
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
