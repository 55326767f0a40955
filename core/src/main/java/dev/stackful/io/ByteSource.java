package dev.stackful.io;

import dev.stackful.Coroutine;
import dev.stackful.EngineUnavailableException;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import dev.stackful.GeneratorScope;
import dev.stackful.Recipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Code that writes bytes, to be read: a recipe for an {@link InputStream} or a {@link
 * ReadableByteChannel}, written as a body that is given an {@link OutputStream} or a {@link
 * WritableByteChannel}. Every stream that is opened runs the body afresh, as far as is read.
 *
 * {@snippet class="dev.stackful.examples.snippets.Zipped" region="source"}
 *
 * It takes the place of a pipe and a thread: a read runs the body, on a stack of its own, until a
 * buffer is full, and then goes on with what is in it.
 *
 * <h2>The reader's side</h2>
 *
 * A read returns what is there, as soon as there is a byte; it runs the body only where nothing is.
 * {@link InputStream#available} is what is there; {@link InputStream#skip} and {@link
 * InputStream#transferTo} copy nothing in between. The stream ends where the body ends.
 *
 * <p>What the body throws comes out of a read once the bytes before it are taken, and out of each
 * read after that: an {@link IOException} and an unchecked exception as they are, another checked
 * exception as the cause of an {@code IOException}.
 *
 * <p>{@code close} unwinds the body where it stands, as {@link Coroutine#close} does, and drops
 * what nobody has read; reads are refused from then on, by an {@code IOException}. A stream that is
 * dropped before its end is unwound some time after the garbage collector has found it.
 *
 * <h2>The writer's side</h2>
 *
 * A write suspends the body when the buffer is full. {@link OutputStream#flush} suspends it where
 * the buffer holds anything, so that the reader gets what has been written, however little. An
 * array that is as large as the buffer is not copied into it, but lent to the reader for as long as
 * the write takes. A write to a channel takes all that it is given.
 *
 * <p>After {@code close} further writes are refused by an {@code IOException}, and the body goes on
 * to its end. Its stream is valid on the body's own thread only, and throws a {@link
 * WrongThreadException} elsewhere; after the body's end, an {@code IOException}.
 *
 * <p>A source is immutable and may be shared between threads. A stream may be read by one thread
 * after the other, in any way that orders their actions, but not by two at once. Each has its body
 * in a coroutine, and all that {@link Coroutine} says holds for it.
 *
 * @since 0.1.0
 */
public final class ByteSource extends Recipe<ByteSource> {
  /** What a source runs. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes all bytes. The stream ends where it returns or throws.
     *
     * @param out where to write them
     * @throws Exception comes out of a read
     */
    void run(OutputStream out) throws Exception;
  }

  /** What a source runs, where that was written for a channel. */
  @FunctionalInterface
  public interface ChannelBody {
    /**
     * Writes all bytes. The stream ends where it returns or throws.
     *
     * @param out where to write them
     * @throws Exception comes out of a read
     */
    void run(WritableByteChannel out) throws Exception;
  }

  /** Either body: what it is given is both. */
  private interface OutputBody {
    void run(ByteOutput out) throws Exception;
  }

  private final OutputBody body;
  private final int bufferBytes;

  private ByteSource(Coroutine.Builder settings, OutputBody body, int bufferBytes) {
    super(settings);
    this.body = body;
    this.bufferBytes = bufferBytes;
  }

  /**
   * A source of what a body writes to an {@code OutputStream}.
   *
   * @param body writes
   * @return a source on the {@linkplain dev.stackful.Engine#preferred() preferred} engine, with a
   *     buffer of 8,192 bytes
   * @throws NullPointerException if {@code body} is null
   */
  public static ByteSource of(Body body) {
    Objects.requireNonNull(body, "body");
    return new ByteSource(Coroutine.builder(), body::run, Buffers.DEFAULT_SIZE);
  }

  /**
   * A source of what a body writes to a {@code WritableByteChannel}.
   *
   * @param body writes
   * @return a source on the {@linkplain dev.stackful.Engine#preferred() preferred} engine, with a
   *     buffer of 8,192 bytes
   * @throws NullPointerException if {@code body} is null
   */
  public static ByteSource ofChannel(ChannelBody body) {
    Objects.requireNonNull(body, "body");
    return new ByteSource(Coroutine.builder(), body::run, Buffers.DEFAULT_SIZE);
  }

  @Override
  public ByteSource with(Coroutine.Builder settings) {
    return new ByteSource(settings, body, bufferBytes);
  }

  /**
   * The same source with a buffer of another size: a switch comes once a buffer.
   *
   * @param bytes from 1
   * @return a source with the same body
   * @throws IllegalArgumentException if out of range
   */
  public ByteSource buffered(int bytes) {
    return new ByteSource(settings(), body, Buffers.checkSize(bytes));
  }

  /**
   * Starts the body afresh; it runs as far as is read.
   *
   * @return a stream that has not run anything yet, to be closed where it is not read to its end
   * @throws EngineUnavailableException if the engine isn't available; the message says why
   * @throws IllegalArgumentException if no engine was chosen, and the system property {@code
   *     stackful.engine} names none
   */
  public InputStream openStream() {
    return open();
  }

  /**
   * Starts the body afresh, as {@link #openStream()} does.
   *
   * @return a channel that has not run anything yet, to be closed where it is not read to its end;
   *     its reads block in what the body blocks in
   * @throws EngineUnavailableException as {@link #openStream()}
   * @throws IllegalArgumentException as {@link #openStream()}
   */
  public ReadableByteChannel openChannel() {
    return open();
  }

  /**
   * The bytes for the subscribers of {@code java.util.concurrent.Flow}, in buffers that are theirs
   * to keep. Each subscriber runs the body afresh, a buffer at a time, as far as it requests; for
   * the rest see {@link Generator#publisher()}. An HTTP client takes it for a request's body:
   *
   * {@snippet class="dev.stackful.examples.snippets.Http" region="request"}
   *
   * @return a publisher, which keeps the rules of Reactive Streams
   */
  public Flow.Publisher<ByteBuffer> publisher() {
    return buffers().publisher();
  }

  /**
   * As {@link #publisher()}, but with the bodies in tasks of an executor, for bodies that block
   * where the subscriber's own thread must not.
   *
   * @param executor runs the tasks, as for {@link Generator#publisher(Executor)}
   * @return a publisher, which keeps the rules of Reactive Streams
   * @throws NullPointerException if {@code executor} is null
   */
  public Flow.Publisher<ByteBuffer> publisher(Executor executor) {
    return buffers().publisher(executor);
  }

  private Generator<ByteBuffer> buffers() {
    return Generator.<ByteBuffer>of(
            scope -> {
              BufferOutput out = new BufferOutput(bufferBytes, scope);
              try {
                body.run(out);
              } finally {
                out.handOverBuffer();
                out.thread.end();
              }
            })
        .with(settings());
  }

  private Input open() {
    BodyFailure failure = new BodyFailure();
    return new Input(
        Generator.<Bytes>of(scope -> run(new Output(bufferBytes, scope), scope, failure))
            .with(settings())
            .iterator(),
        failure);
  }

  /** The body from start to end, and what is left in its buffer then. */
  private void run(Output out, GeneratorScope<Bytes> scope, BodyFailure failure) throws Exception {
    try {
      body.run(out);
    } catch (Throwable t) {
      failure.set(t);
      throw t;
    } finally {
      out.thread.end();
      Bytes rest = out.takeBuffer();
      if (rest.to > 0) {
        scope.yield(rest);
      }
    }
  }

  /** The body's side. */
  private abstract static class BodyOutput extends ByteOutput {
    final BodyThread thread = new BodyThread();

    BodyOutput(int capacity) {
      super(capacity);
    }

    @Override
    final void check() throws IOException {
      thread.check();
    }

    @Override
    public final void close() throws IOException {
      if (!thread.hasEnded()) {
        check();
        markClosed();
      }
    }
  }

  /** The body's side, for a reader: what it hands over is lent. */
  private static final class Output extends BodyOutput {
    private final GeneratorScope<Bytes> scope;

    Output(int capacity, GeneratorScope<Bytes> scope) {
      super(capacity);
      this.scope = scope;
    }

    @Override
    void handOver(Bytes bytes) {
      scope.yield(bytes);
    }
  }

  /** The body's side, for a subscriber: what it hands over is given away. */
  private static final class BufferOutput extends BodyOutput {
    private final GeneratorScope<ByteBuffer> scope;

    BufferOutput(int capacity, GeneratorScope<ByteBuffer> scope) {
      super(capacity);
      this.scope = scope;
    }

    @Override
    void handOver(Bytes bytes) {
      if (isBuffer(bytes)) {
        takeBuffer();
        scope.yield(ByteBuffer.wrap(bytes.array, 0, bytes.to));
      } else {
        scope.yield(ByteBuffer.wrap(Arrays.copyOfRange(bytes.array, bytes.from, bytes.to)));
      }
    }
  }

  /** The reader's side. */
  private static final class Input extends ByteInput {
    private final GeneratorIterator<Bytes> handedOver;
    private final BodyFailure failure;

    Input(GeneratorIterator<Bytes> handedOver, BodyFailure failure) {
      this.handedOver = handedOver;
      this.failure = failure;
    }

    @Override
    void check() {}

    @Override
    @Nullable Bytes more() throws IOException {
      try {
        if (handedOver.hasNext()) {
          return handedOver.next();
        }
      } catch (Throwable t) {
        throw failure.outOf(t);
      }
      if (failure.isSet()) {
        throw failure.again();
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      super.close();
      try {
        handedOver.close();
      } catch (Throwable t) {
        throw failure.outOf(t);
      }
    }
  }
}
