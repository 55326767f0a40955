package dev.stackful.io;

import dev.stackful.Coroutine;
import dev.stackful.EngineUnavailableException;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import dev.stackful.GeneratorScope;
import dev.stackful.Recipe;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Code that writes characters, to be read: a recipe for a {@link Reader}, written as a body that is
 * given a {@link Writer}. Every reader that is opened runs the body afresh, as far as is read.
 *
 * {@snippet class="dev.stackful.examples.snippets.Report" region="source"}
 *
 * It is {@link ByteSource} for characters. What that says of both sides holds here, with {@link
 * Reader#ready} in place of {@code available}, and with one exception: a string, however long, is
 * copied into the buffer.
 *
 * @since 0.1.0
 */
public final class CharSource extends Recipe<CharSource> {
  /** What a source runs. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes all characters. The reader ends where it returns or throws.
     *
     * @param out where to write them
     * @throws Exception comes out of a read
     */
    void run(Writer out) throws Exception;
  }

  private final Body body;
  private final int bufferChars;

  private CharSource(Coroutine.Builder settings, Body body, int bufferChars) {
    super(settings);
    this.body = body;
    this.bufferChars = bufferChars;
  }

  /**
   * A source of what a body writes to a {@code Writer}.
   *
   * @param body writes
   * @return a source on the {@linkplain dev.stackful.Engine#preferred() preferred} engine, with a
   *     buffer of 8,192 characters
   * @throws NullPointerException if {@code body} is null
   */
  public static CharSource of(Body body) {
    return new CharSource(
        Coroutine.builder(), Objects.requireNonNull(body, "body"), Buffers.DEFAULT_SIZE);
  }

  @Override
  public CharSource with(Coroutine.Builder settings) {
    return new CharSource(settings, body, bufferChars);
  }

  /**
   * The same source with a buffer of another size: a switch comes once a buffer.
   *
   * @param chars from 1
   * @return a source with the same body
   * @throws IllegalArgumentException if out of range
   */
  public CharSource buffered(int chars) {
    return new CharSource(settings(), body, Buffers.checkSize(chars));
  }

  /**
   * Starts the body afresh; it runs as far as is read.
   *
   * @return a reader that has not run anything yet, to be closed where it is not read to its end
   * @throws EngineUnavailableException if the engine isn't available; the message says why
   * @throws IllegalArgumentException if no engine was chosen, and the system property {@code
   *     stackful.engine} names none
   */
  public Reader openReader() {
    BodyFailure failure = new BodyFailure();
    return new Input(
        Generator.<Chars>of(scope -> run(new Output(bufferChars, scope), scope, failure))
            .with(settings())
            .iterator(),
        failure);
  }

  /** The body from start to end, and what is left in its buffer then. */
  private void run(Output out, GeneratorScope<Chars> scope, BodyFailure failure) throws Exception {
    try {
      body.run(out);
    } catch (Throwable t) {
      failure.set(t);
      throw t;
    } finally {
      out.thread.end();
      Chars rest = out.takeBuffer();
      if (rest.to > 0) {
        scope.yield(rest);
      }
    }
  }

  /** The body's side. */
  private static final class Output extends CharOutput {
    private final GeneratorScope<Chars> scope;
    private final BodyThread thread = new BodyThread();

    Output(int capacity, GeneratorScope<Chars> scope) {
      super(capacity);
      this.scope = scope;
    }

    @Override
    void check() throws IOException {
      thread.check();
    }

    @Override
    void handOver(Chars bytes) {
      scope.yield(bytes);
    }

    @Override
    public void close() throws IOException {
      if (!thread.hasEnded()) {
        check();
        markClosed();
      }
    }
  }

  /** The reader's side. */
  private static final class Input extends CharInput {
    private final GeneratorIterator<Chars> handedOver;
    private final BodyFailure failure;

    Input(GeneratorIterator<Chars> handedOver, BodyFailure failure) {
      this.handedOver = handedOver;
      this.failure = failure;
    }

    @Override
    void check() {}

    @Override
    @Nullable Chars more() throws IOException {
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
