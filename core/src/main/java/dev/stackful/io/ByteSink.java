package dev.stackful.io;

import dev.stackful.Coroutine;
import dev.stackful.EngineUnavailableException;
import dev.stackful.Recipe;
import dev.stackful.Sink;
import dev.stackful.SinkSubscriber;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Code that reads bytes, to be written to: a recipe for an {@link OutputStream} or a {@link
 * WritableByteChannel} with a result, written as a body that is given an {@link InputStream} or a
 * {@link ReadableByteChannel}. Every {@link #open()} runs the body afresh, as far as bytes have
 * come.
 *
 * {@snippet class="dev.stackful.examples.snippets.Chunks" region="sink"}
 *
 * So a parser that blocks in {@code read} can be fed with chunks as they arrive, and blocks no
 * thread between them:
 *
 * {@snippet class="dev.stackful.examples.snippets.Chunks" region="use"}
 *
 * <h2>The reader's side</h2>
 *
 * A read returns what is there, as soon as there is a byte, and suspends the body where nothing is.
 * {@link InputStream#available} is what is there; {@link InputStream#skip} and {@link
 * InputStream#transferTo} copy nothing in between. The stream ends when {@link ByteSinkRun#finish}
 * is called, and throws instead where {@link ByteSinkRun#fail} is. After {@code close} further
 * reads are refused by an {@code IOException}, and the body goes on to its end. The stream is valid
 * on the body's own thread only, and throws a {@link WrongThreadException} elsewhere; after the
 * body's end, an {@code IOException}.
 *
 * <p>The writer's side is described with {@link ByteSinkRun}.
 *
 * <p>A sink is immutable and may be shared between threads; a run may not be used by two at once.
 * Each run has its body in a coroutine, and all that {@link Coroutine} says holds for it.
 *
 * @param <R> what the body makes of the bytes
 * @since 0.1.0
 */
public final class ByteSink<R extends @Nullable Object> extends Recipe<ByteSink<R>> {
  /**
   * What a sink runs.
   *
   * @param <R> what it makes of the bytes
   */
  @FunctionalInterface
  public interface Body<R extends @Nullable Object> {
    /**
     * Reads bytes, as many as it wants.
     *
     * @param in where to read them
     * @return the result
     * @throws Exception comes out of the write, flush or {@link ByteSinkRun#finish finish} that ran
     *     the body
     */
    R run(InputStream in) throws Exception;
  }

  /**
   * What a sink runs, where that was written for a channel.
   *
   * @param <R> what it makes of the bytes
   */
  @FunctionalInterface
  public interface ChannelBody<R extends @Nullable Object> {
    /**
     * Reads bytes, as many as it wants.
     *
     * @param in where to read them
     * @return the result
     * @throws Exception comes out of the write, flush or {@link ByteSinkRun#finish finish} that ran
     *     the body
     */
    R run(ReadableByteChannel in) throws Exception;
  }

  /** Either body: what it is given is both. */
  private interface InputBody<R extends @Nullable Object> {
    R run(ByteInput in) throws Exception;
  }

  private final InputBody<R> body;
  private final int bufferBytes;

  private ByteSink(Coroutine.Builder settings, InputBody<R> body, int bufferBytes) {
    super(settings);
    this.body = body;
    this.bufferBytes = bufferBytes;
  }

  /**
   * A sink for a body that reads from an {@code InputStream}.
   *
   * @param <R> what the body makes of the bytes
   * @param body reads
   * @return a sink on the {@linkplain dev.stackful.Engine#preferred() preferred} engine, with a
   *     buffer of 8,192 bytes
   * @throws NullPointerException if {@code body} is null
   */
  public static <R extends @Nullable Object> ByteSink<R> of(Body<R> body) {
    Objects.requireNonNull(body, "body");
    return new ByteSink<>(Coroutine.builder(), body::run, Buffers.DEFAULT_SIZE);
  }

  /**
   * A sink for a body that reads from a {@code ReadableByteChannel}.
   *
   * @param <R> what the body makes of the bytes
   * @param body reads
   * @return a sink on the {@linkplain dev.stackful.Engine#preferred() preferred} engine, with a
   *     buffer of 8,192 bytes
   * @throws NullPointerException if {@code body} is null
   */
  public static <R extends @Nullable Object> ByteSink<R> ofChannel(ChannelBody<R> body) {
    Objects.requireNonNull(body, "body");
    return new ByteSink<>(Coroutine.builder(), body::run, Buffers.DEFAULT_SIZE);
  }

  @Override
  public ByteSink<R> with(Coroutine.Builder settings) {
    return new ByteSink<>(settings, body, bufferBytes);
  }

  /**
   * The same sink with a buffer of another size: small writes are gathered, and a switch comes once
   * a buffer.
   *
   * @param bytes from 1, which has each write run the body
   * @return a sink with the same body
   * @throws IllegalArgumentException if out of range
   */
  public ByteSink<R> buffered(int bytes) {
    return new ByteSink<>(settings(), body, Buffers.checkSize(bytes));
  }

  /**
   * Starts the body afresh; it runs as far as bytes come.
   *
   * @return a run that has not run anything yet, to be closed
   * @throws EngineUnavailableException if the engine isn't available; the message says why
   * @throws IllegalArgumentException if no engine was chosen, and the system property {@code
   *     stackful.engine} names none
   */
  public ByteSinkRun<R> open() {
    BodyFailure failure = new BodyFailure();
    return new ByteSinkRun<>(
        Sink.<Bytes, R>of(source -> run(new Input(source), failure)).with(settings()).open(),
        failure,
        bufferBytes);
  }

  /**
   * A run of the body for a publisher of {@code java.util.concurrent.Flow} to feed, with lists of
   * buffers, as an HTTP client gives the body of a response:
   *
   * {@snippet class="dev.stackful.examples.snippets.Http" region="response"}
   *
   * For the rest see {@link Sink#subscriber()}.
   *
   * @return a subscriber, which keeps the rules of Reactive Streams
   * @throws EngineUnavailableException as {@link #open()}
   * @throws IllegalArgumentException as {@link #open()}
   */
  public SinkSubscriber<List<ByteBuffer>, R> subscriber() {
    return Sink.<List<ByteBuffer>, R>of(
            source -> run(new Input(new BytesOfBuffers(source)), new BodyFailure()))
        .with(settings())
        .subscriber();
  }

  private R run(Input in, BodyFailure failure) throws Exception {
    try {
      return body.run(in);
    } catch (Throwable t) {
      failure.set(t);
      throw t;
    } finally {
      in.thread.end();
    }
  }

  /** The body's side. */
  private static final class Input extends ByteInput {
    private final Iterator<Bytes> handedOver;
    private final BodyThread thread = new BodyThread();
    private boolean asked;

    Input(Iterator<Bytes> handedOver) {
      this.handedOver = handedOver;
    }

    @Override
    void check() throws IOException {
      thread.check();
    }

    @Override
    boolean hasMore() {
      return !asked; // what started the body, be it the end, is there
    }

    @Override
    @Nullable Bytes more() throws IOException {
      asked = true;
      try {
        return handedOver.hasNext() ? handedOver.next() : null;
      } catch (Exception e) { // the input's failure, of whatever type
        if (e instanceof RuntimeException unchecked) {
          throw unchecked;
        }
        throw e instanceof IOException io ? io : new IOException("the input has failed: " + e, e);
      }
    }

    @Override
    public void close() throws IOException {
      if (!thread.hasEnded()) {
        check();
        super.close();
      }
    }
  }
}
