package dev.stackful;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Gatherer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A stage of a {@link Stream}, written as a body that pulls its input from an iterator and yields
 * its output: a {@link Gatherer} whose state is where the body stands. So a parser, a window, a
 * merge or a run-length code is a loop inside a stream pipeline.
 *
 * {@snippet class="dev.stackful.examples.snippets.Runs" region="transducer"}
 *
 * {@snippet class="dev.stackful.examples.snippets.Runs" region="use"}
 *
 * <p>The body runs as far as elements come, and no further than its output is wanted. Where it
 * returns before the end of its input, no more is asked of the earlier stages. Where a later stage,
 * such as {@code limit}, wants no more, the body is unwound by a {@link ForcedUnwind} at its
 * pending yield, or, if the earlier stages have more for it, when they are told. What the body
 * throws comes out of the stream's terminal operation, a checked exception as the cause of a {@link
 * CoroutineException}.
 *
 * <p>An element that the body yields goes through the later stages at once, while the body stands
 * at its yield. So it may lend what it yields, and take it back after: a list that it uses again,
 * or a file that it closes. The price is one switch to the body and back for each element that it
 * takes, and one for each that it yields. One that doesn't lend is cheaper with a {@linkplain
 * #buffered buffer}.
 *
 * <p>The body sees one element after the other, in a parallel stream too, where this stage alone is
 * sequential. Each stream runs it afresh, on a stack of its own, in a {@link Coroutine} whose
 * resumer is the stage: what that says of thread identity and of locks across a yield holds here.
 *
 * @apiNote A stream does not tell its stages that another has thrown, nor that its iterator was
 *     dropped: the body is abandoned then, and unwound when the garbage collector has found it.
 * @param <T> the input; null is an element like any other
 * @param <R> the output
 * @since 0.1.0
 */
public final class Transducer<T extends @Nullable Object, R extends @Nullable Object>
    extends Recipe<Transducer<T, R>> implements Gatherer<T, Transducer.Run<T, R>, R> {

  /**
   * What a transducer runs.
   *
   * @param <T> the input
   * @param <R> the output
   */
  @FunctionalInterface
  public interface Body<T extends @Nullable Object, R extends @Nullable Object> {
    /**
     * Takes elements and yields others. The stream ends where it returns, and fails where it
     * throws.
     *
     * @param source the input, on the terms of {@link Sink.Body}
     * @param scope where to yield the output
     * @throws Exception comes out of the stream
     */
    void run(PeekableIterator<T> source, GeneratorScope<R> scope) throws Exception;
  }

  private final Body<T, R> body;
  private final int bufferSize;

  private Transducer(Coroutine.Builder settings, Body<T, R> body, int bufferSize) {
    super(settings);
    this.body = body;
    this.bufferSize = bufferSize;
  }

  /**
   * A transducer on the {@linkplain Engine#preferred() preferred} engine.
   *
   * @param <T> the input
   * @param <R> the output
   * @param body takes the one and yields the other
   * @return a transducer
   * @throws NullPointerException if {@code body} is null
   */
  public static <T extends @Nullable Object, R extends @Nullable Object> Transducer<T, R> of(
      Body<T, R> body) {
    return new Transducer<>(Coroutine.Builder.DEFAULT, Objects.requireNonNull(body, "body"), 1);
  }

  @Override
  public Transducer<T, R> with(Coroutine.Builder settings) {
    return new Transducer<>(settings, body, bufferSize);
  }

  /**
   * The same transducer, whose body runs only when {@code size} elements have come, and runs ahead
   * of the later stages by up to {@code size} elements: a switch for each batch instead of each
   * element. What it yielded or threw ahead, and nobody wanted, is dropped.
   *
   * @param size in elements, from 1, which is no buffer
   * @return a transducer with the same body
   * @throws IllegalArgumentException if out of range
   */
  public Transducer<T, R> buffered(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a buffer's size must be at least 1: " + size);
    }
    return new Transducer<>(settings(), body, size);
  }

  @Override
  public Supplier<Run<T, R>> initializer() {
    return () -> new Run<>(this);
  }

  @Override
  public Integrator<Run<T, R>, T, R> integrator() {
    return Integrator.of(Run::integrate);
  }

  @Override
  public BiConsumer<Run<T, R>, Downstream<? super R>> finisher() {
    return Run::finish;
  }

  /**
   * The state of one stream's stage: the body, where it stands, and what it has yielded.
   *
   * @param <T> the input
   * @param <R> the output
   */
  public static final class Run<T extends @Nullable Object, R extends @Nullable Object> {
    private final SinkRun<T, @Nullable Void> sink;
    private final Output output;
    private final Runnable goOn;

    private Run(Transducer<T, R> recipe) {
      // The body's side knows the output and not this run: it could never be found abandoned.
      Output shared = new Output(recipe.bufferSize);
      Body<T, R> body = recipe.body;
      this.output = shared;
      this.sink =
          new SinkRun<>(
              recipe,
              source -> {
                body.run(source, new Scope<>(shared, ((SinkRun.Source<T>) source).self()));
                return null;
              },
              recipe.bufferSize);
      this.goOn = sink::run;
    }

    boolean integrate(T element, Downstream<? super R> downstream) {
      if (sink.putBeforeLast(element)) {
        return true;
      }
      if (sink.isDone()) {
        return false;
      }
      if (sink.put(element)) {
        turn(goOn, downstream);
      }
      return !sink.isDone();
    }

    void finish(Downstream<? super R> downstream) {
      if (downstream.isRejecting()) {
        sink.close();
      } else if (!sink.isDone()) {
        turn(sink::finish, downstream);
      }
    }

    /** Has the body go on, and as long as it has more to say, once it has been heard. */
    private void turn(Runnable first, Downstream<? super R> downstream) {
      try {
        Runnable next = first;
        do {
          output.isFull = false;
          take(next, downstream);
          next = goOn;
        } while (output.isFull && !sink.isDone());
      } catch (Throwable t) {
        try (sink) {
          throw t;
        }
      }
    }

    private void take(Runnable action, Downstream<? super R> downstream) {
      try {
        action.run();
      } catch (Throwable t) {
        if (pushBefore(t, downstream)) {
          throw t;
        }
        sink.close(); // it threw ahead of what is wanted
        return;
      }
      if (!push(downstream)) {
        sink.close();
      }
    }

    /** Hands on what the body yielded before it threw; a later stage may throw at that, too. */
    private boolean pushBefore(Throwable bodys, Downstream<? super R> downstream) {
      try {
        return push(downstream);
      } catch (Throwable t) {
        if (t != bodys) {
          t.addSuppressed(bodys);
        }
        throw t;
      }
    }

    @SuppressWarnings("unchecked") // only the scope puts elements there
    private boolean push(Downstream<? super R> downstream) {
      int count = output.count;
      output.count = 0;
      for (int i = 0; i < count; i++) {
        R element = (R) output.elements[i];
        output.elements[i] = null;
        if (!downstream.push(element)) {
          return false;
        }
      }
      return true;
    }
  }

  /** What the body has yielded and nobody has taken. Only one side runs at a time. */
  private static final class Output {
    final @Nullable Object[] elements;
    int count;

    /** Whether the body is suspended at a yield, and not where it waits for input. */
    boolean isFull;

    Output(int size) {
      this.elements = new Object[size];
    }
  }

  /** The body's side. It is made on the body's thread. */
  private static final class Scope<R extends @Nullable Object> implements GeneratorScope<R> {
    private final Output output;
    private final CoroutineCore<?, ?> self;
    private final Thread thread = Thread.currentThread();

    Scope(Output output, CoroutineCore<?, ?> self) {
      this.output = output;
      this.self = self;
    }

    /**
     * Without a buffer the element is handed over at once. With one it may wait, and so does the
     * switch, to the next element after the buffer is full: a body that makes as many as it takes
     * asks for input before that, and one switch serves both.
     */
    @Override
    public void yield(R value) {
      if (!self.isPlainlyRunning(thread) && self.isUnwinding()) {
        self.yield(null); // the element is dropped
        return;
      }
      Output out = output;
      @Nullable Object[] elements = out.elements;
      if (out.count == elements.length) {
        handOver();
      }
      elements[out.count++] = value;
      if (elements.length == 1) {
        handOver();
      }
    }

    private void handOver() {
      output.isFull = true;
      self.yield(null);
    }

    @Override
    public void yieldAll(Iterable<? extends R> values) {
      Objects.requireNonNull(values, "values");
      self.checkRunning();
      Generator.yieldAll(this, values);
    }
  }
}
