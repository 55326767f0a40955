package dev.stackful.io;

import dev.stackful.CoroutineLimitException;
import dev.stackful.NotResumableException;
import dev.stackful.SinkRun;
import java.io.IOException;
import java.io.Writer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link CharSink}'s body, for whoever has the characters: they are written to {@link
 * #writer()}; {@link #finish} tells that there are no more and gives the result. It is {@link
 * ByteSinkRun} for characters, and all that is said there holds here.
 *
 * @param <R> what the body makes of the characters
 * @since 0.1.0
 */
public final class CharSinkRun<R extends @Nullable Object> implements AutoCloseable {
  private final SinkRun<Chars, R> run;
  private final BodyFailure failure;
  private final Output output;

  /** Whether the body has its turn: then it is no time to write. */
  private boolean bodyRuns;

  CharSinkRun(SinkRun<Chars, R> run, BodyFailure failure, int bufferChars) {
    this.run = run;
    this.failure = failure;
    this.output = new Output(bufferChars);
  }

  /** {@return where to write characters for the body} */
  public Writer writer() {
    return output;
  }

  /**
   * Tells the body that there are no more characters, after those in the buffer, and runs it to its
   * end.
   *
   * @return the body's result; the same again if it is called again, or if the body had returned
   *     before
   * @throws IOException if the body throws it, or another checked exception, which is the cause
   * @throws NotResumableException if the body is running; nothing has changed then
   * @throws IllegalStateException if the body has thrown before, which is the cause, or the run is
   *     closed
   * @throws CoroutineLimitException if the body has not begun and there is no stack for it
   */
  public R finish() throws IOException {
    return end(null);
  }

  /**
   * Tells the body that its input has failed: once the characters before are read, its reads throw
   * {@code failure}, so that it can't take what has come for the whole. Then it is run to its end.
   *
   * @param failure what the body's reads throw: an {@link IOException} or an unchecked exception as
   *     it is, another checked exception as the cause of an {@code IOException}
   * @return the body's result, if it has caught the exception, or had returned before
   * @throws NullPointerException if {@code failure} is null; nothing has changed then
   * @throws IOException if the body throws it, this one or another
   * @throws NotResumableException as {@link #finish}
   * @throws IllegalStateException as {@link #finish}
   * @throws CoroutineLimitException as {@link #finish}
   */
  public R fail(Throwable failure) throws IOException {
    return end(Objects.requireNonNull(failure, "failure"));
  }

  private R end(@Nullable Throwable inputFailure) throws IOException {
    refuseWhileBodyRuns();
    if (failure.isSet() && run.isDone()) {
      throw new IllegalStateException("the body has thrown " + failure.get(), failure.get());
    }
    if (!run.isDone()) {
      output.handOverBuffer();
    }
    bodyRuns = true;
    try {
      return inputFailure == null ? run.finish() : run.fail(inputFailure);
    } catch (Throwable t) {
      throw failure.outOf(t);
    } finally {
      bodyRuns = false;
    }
  }

  private void refuseWhileBodyRuns() {
    if (bodyRuns) {
      run.flush(); // refuses, and says why
    }
  }

  /** {@return whether the body has returned or thrown, or the run is closed} */
  public boolean isDone() {
    return run.isDone();
  }

  /**
   * Ends a run that isn't finished: unwinds the body, if it is suspended, as {@link
   * dev.stackful.Coroutine#close} does; one that has not begun never runs. What is in the buffer is
   * dropped. On a run whose body has ended it does nothing.
   *
   * @throws IOException if the body threw it while it was unwound, or another checked exception,
   *     which is the cause
   * @throws NotResumableException if the body is running; the run is closed all the same, and the
   *     body unwound where it reads next
   * @throws IllegalStateException if the body goes on reading while it is unwound
   */
  @Override
  public void close() throws IOException {
    try {
      run.close();
    } catch (Throwable t) {
      throw failure.outOf(t);
    }
  }

  /** The writer's side. */
  private final class Output extends CharOutput {
    Output(int capacity) {
      super(capacity);
    }

    @Override
    void check() throws IOException {
      refuseWhileBodyRuns();
      if (run.isDone()) {
        throw new IOException("the body that reads has ended, or the run is closed", failure.get());
      }
    }

    @Override
    void handOver(Chars chars) throws IOException {
      if (run.isDone()) {
        return; // it has ended within this very write: what it left unread is dropped
      }
      bodyRuns = true;
      try {
        run.accept(chars);
      } catch (Throwable t) {
        throw failure.outOf(t);
      } finally {
        bodyRuns = false;
      }
    }

    @Override
    public void close() throws IOException {
      if (isOpen() && !run.isDone()) {
        flush();
      }
      markClosed();
    }
  }
}
