package dev.stackful.io;

import dev.stackful.CoroutineLimitException;
import dev.stackful.NotResumableException;
import dev.stackful.SinkRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link ByteSink}'s body, for whoever has the bytes: they are written to {@link
 * #stream()} or {@link #channel()}, which are the same; {@link #finish} tells that there are no
 * more and gives the result.
 *
 * <p>A write runs the body when the buffer is full, until the body has read all that is there. An
 * array that is as large as the buffer is not copied into it, but lent to the body for as long as
 * the write takes. {@link OutputStream#flush} has the body read what the buffer holds. A write to
 * the channel takes all that it is given.
 *
 * <p>What the body throws comes out of the write, flush or finish that ran it: an {@link
 * IOException} and an unchecked exception as they are, another checked exception as the cause of an
 * {@code IOException}. When the body has returned or thrown, writes are refused by an {@code
 * IOException}, as those to a broken pipe are; bytes that it left unread are dropped.
 *
 * <p>Closing the stream flushes it, and refuses further writes. It does <em>not</em> end the input:
 * a writer that fails half-way closes its stream, too, in its {@code try}-with-resources, and the
 * body must not take the half for the whole. That only {@code finish} says.
 *
 * <p>A run may be handed from thread to thread, in any way that orders the two threads' actions,
 * but not used by two at once.
 *
 * @param <R> what the body makes of the bytes
 * @since 0.1.0
 */
public final class ByteSinkRun<R extends @Nullable Object> implements AutoCloseable {
  private final SinkRun<Bytes, R> run;
  private final BodyFailure failure;
  private final Output output;

  /** Whether the body has its turn: then it is no time to write. */
  private boolean bodyRuns;

  ByteSinkRun(SinkRun<Bytes, R> run, BodyFailure failure, int bufferBytes) {
    this.run = run;
    this.failure = failure;
    this.output = new Output(bufferBytes);
  }

  /** {@return where to write bytes for the body} */
  public OutputStream stream() {
    return output;
  }

  /** {@return where to write bytes for the body; it is the same as the stream} */
  public WritableByteChannel channel() {
    return output;
  }

  /**
   * Tells the body that there are no more bytes, after those in the buffer, and runs it to its end.
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
   * Tells the body that its input has failed: once the bytes before are read, its reads throw
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
  private final class Output extends ByteOutput {
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
    void handOver(Bytes bytes) throws IOException {
      if (run.isDone()) {
        return; // it has ended within this very write: what it left unread is dropped
      }
      bodyRuns = true;
      try {
        run.accept(bytes);
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
