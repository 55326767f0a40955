package dev.stackful;

import java.util.Objects;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/**
 * A recipe for a consumer, written as a body that pulls its input from an iterator; the mirror of
 * {@link Generator}. Whoever has the elements pushes them: every {@link #open()} runs the body
 * afresh, on a stack of its own, as far as elements have come.
 *
 * {@snippet class="dev.stackful.examples.snippets.Sections" region="sink"}
 *
 * So code that was written for an {@link java.util.Iterator} can be fed from callbacks, and from a
 * loop that isn't its own:
 *
 * {@snippet class="dev.stackful.examples.snippets.Sections" region="use"}
 *
 * <p>A sink is immutable and may be shared between threads; a run may not be used by two at once.
 * Each run has its body in a {@link Coroutine}: what that says of thread identity, of locks across
 * a yield, of memory effects and of what an abandoned one costs holds here, with the caller of
 * {@link SinkRun#accept accept} or {@code finish} as the resumer.
 *
 * @param <T> the elements; null is one like any other
 * @param <R> what the body makes of them
 * @since 0.1.0
 */
public final class Sink<T extends @Nullable Object, R extends @Nullable Object>
    extends Recipe<Sink<T, R>> {

  /**
   * What a sink runs.
   *
   * @param <T> the elements
   * @param <R> what it makes of them
   */
  @FunctionalInterface
  public interface Body<T extends @Nullable Object, R extends @Nullable Object> {
    /**
     * Takes elements, as many as it wants, one after the other. An element that isn't there yet is
     * waited for: meanwhile the body is suspended, and whoever pushes goes on.
     *
     * @param source the elements. It is valid on the body's own thread only, until the body ends,
     *     and throws a {@link WrongThreadException} or an {@link IllegalStateException} elsewhere
     *     and later; a {@link ForcedUnwind}, which is to be let pass, where the run is being
     *     closed; and what {@link SinkRun#fail} was given, whatever its type
     * @return the result
     * @throws Exception comes out of the {@link SinkRun#accept accept} or {@code finish} that ran
     *     the body, wrapped in a {@link CoroutineException} if it is checked
     */
    R run(PeekableIterator<T> source) throws Exception;
  }

  private final Body<T, R> body;
  private final int bufferSize;

  private Sink(Coroutine.Builder settings, Body<T, R> body, int bufferSize) {
    super(settings);
    this.body = body;
    this.bufferSize = bufferSize;
  }

  /**
   * A sink on the {@linkplain Engine#preferred() preferred} engine.
   *
   * @param <T> the elements
   * @param <R> what the body makes of them
   * @param body takes them
   * @return a sink
   * @throws NullPointerException if {@code body} is null
   */
  public static <T extends @Nullable Object, R extends @Nullable Object> Sink<T, R> of(
      Body<T, R> body) {
    return new Sink<>(Coroutine.Builder.DEFAULT, Objects.requireNonNull(body, "body"), 1);
  }

  @Override
  public Sink<T, R> with(Coroutine.Builder settings) {
    return new Sink<>(settings, body, bufferSize);
  }

  /**
   * The same sink, whose body runs only when {@code size} elements have come: a switch for each
   * batch instead of each element. {@link SinkRun#flush} has it take those that are there.
   *
   * @implNote Each run makes an array of {@code size} references at its first element.
   * @param size in elements, from 1, which is no buffer
   * @return a sink with the same body
   * @throws IllegalArgumentException if out of range
   */
  public Sink<T, R> buffered(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a buffer's size must be at least 1: " + size);
    }
    return new Sink<>(settings(), body, size);
  }

  /**
   * Starts the body afresh; it runs as far as elements come. A run that is not finished is to be
   * {@linkplain SinkRun#close() closed}: one that is merely dropped is unwound some time after the
   * garbage collector has seen it.
   *
   * @return a run that has not run anything yet
   * @throws EngineUnavailableException if the engine isn't available; the message says why
   * @throws IllegalArgumentException if no engine was chosen, and the system property {@code
   *     stackful.engine} names none
   */
  public SinkRun<T, R> open() {
    return new SinkRun<>(this, body, bufferSize);
  }

  /**
   * The sink as the last stage of a stream. The body takes the stream's elements in their order; if
   * it returns before their end, the rest are dropped. What it throws comes out of {@code collect}.
   *
   * {@snippet class="dev.stackful.examples.snippets.Sections" region="collector"}
   *
   * @apiNote A stream tells a collector neither that an earlier stage threw nor that it has stopped
   *     short: the body is abandoned then, and unwound when the garbage collector has found it.
   * @return a collector that runs the body afresh for each stream; it has no {@linkplain
   *     java.util.stream.Collector.Characteristics characteristics}, and in a parallel stream it
   *     throws an {@link UnsupportedOperationException}, since a body takes one element after the
   *     other
   */
  public Collector<T, ?, R> collector() {
    return Collector.<T, SinkRun<T, R>, R>of(
        this::open,
        (run, element) -> {
          if (!run.isDone()) {
            run.accept(element);
          }
        },
        (left, right) -> {
          try (left;
              right) {
            throw new UnsupportedOperationException(
                "a sink takes its elements one after the other: make the stream sequential()");
          }
        },
        SinkRun::finish);
  }

  /**
   * A run of the body for a publisher of {@code java.util.concurrent.Flow} to feed, with elements
   * that are not null. It is for one subscription.
   *
   * {@snippet class="dev.stackful.examples.snippets.Flows" region="subscriber"}
   *
   * @return a subscriber, which keeps the rules of Reactive Streams
   * @throws EngineUnavailableException as {@link #open()}
   * @throws IllegalArgumentException as {@link #open()}
   */
  public SinkSubscriber<T, R> subscriber() {
    return new SinkSubscriber<>(open(), bufferSize);
  }
}
