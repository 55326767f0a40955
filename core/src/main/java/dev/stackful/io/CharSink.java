package dev.stackful.io;

import dev.stackful.Coroutine;
import dev.stackful.EngineUnavailableException;
import dev.stackful.Recipe;
import dev.stackful.Sink;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Code that reads characters, to be written to: a recipe for a {@link Writer} with a result,
 * written as a body that is given a {@link Reader}. Every {@link #open()} runs the body afresh, as
 * far as characters have come.
 *
 * {@snippet class="dev.stackful.examples.snippets.Report" region="sink"}
 *
 * It is {@link ByteSink} for characters. What that and {@link ByteSinkRun} say of both sides holds
 * here, with {@link Reader#ready} in place of {@code available}, and with one exception: a string,
 * however long, is copied into the buffer.
 *
 * @param <R> what the body makes of the characters
 * @since 0.1.0
 */
public final class CharSink<R extends @Nullable Object> extends Recipe<CharSink<R>> {
  /**
   * What a sink runs.
   *
   * @param <R> what it makes of the characters
   */
  @FunctionalInterface
  public interface Body<R extends @Nullable Object> {
    /**
     * Reads characters, as many as it wants.
     *
     * @param in where to read them
     * @return the result
     * @throws Exception comes out of the write, flush or {@link CharSinkRun#finish finish} that ran
     *     the body
     */
    R run(Reader in) throws Exception;
  }

  private final Body<R> body;
  private final int bufferChars;

  private CharSink(Coroutine.Builder settings, Body<R> body, int bufferChars) {
    super(settings);
    this.body = body;
    this.bufferChars = bufferChars;
  }

  /**
   * A sink for a body that reads from a {@code Reader}.
   *
   * @param <R> what the body makes of the characters
   * @param body reads
   * @return a sink on the {@linkplain dev.stackful.Engine#preferred() preferred} engine, with a
   *     buffer of 8,192 characters
   * @throws NullPointerException if {@code body} is null
   */
  public static <R extends @Nullable Object> CharSink<R> of(Body<R> body) {
    return new CharSink<>(
        Coroutine.builder(), Objects.requireNonNull(body, "body"), Buffers.DEFAULT_SIZE);
  }

  @Override
  public CharSink<R> with(Coroutine.Builder settings) {
    return new CharSink<>(settings, body, bufferChars);
  }

  /**
   * The same sink with a buffer of another size: small writes are gathered, and a switch comes once
   * a buffer.
   *
   * @param chars from 1, which has each write run the body
   * @return a sink with the same body
   * @throws IllegalArgumentException if out of range
   */
  public CharSink<R> buffered(int chars) {
    return new CharSink<>(settings(), body, Buffers.checkSize(chars));
  }

  /**
   * Starts the body afresh; it runs as far as characters come.
   *
   * @return a run that has not run anything yet, to be closed
   * @throws EngineUnavailableException if the engine isn't available; the message says why
   * @throws IllegalArgumentException if no engine was chosen, and the system property {@code
   *     stackful.engine} names none
   */
  public CharSinkRun<R> open() {
    BodyFailure failure = new BodyFailure();
    return new CharSinkRun<>(
        Sink.<Chars, R>of(source -> run(new Input(source), failure)).with(settings()).open(),
        failure,
        bufferChars);
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
  private static final class Input extends CharInput {
    private final Iterator<Chars> handedOver;
    private final BodyThread thread = new BodyThread();
    private boolean asked;

    Input(Iterator<Chars> handedOver) {
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
    @Nullable Chars more() throws IOException {
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
