package dev.stackful;

import dev.stackful.internal.engine.CoroutineStack;
import dev.stackful.internal.engine.StackSource;
import dev.stackful.internal.engine.StackTask;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A body of ordinary Java that runs on a stack of its own, up to the next {@code yield}, whenever
 * somebody resumes it.
 *
 * {@snippet class="dev.stackful.examples.snippets.Averager" region="averager"}
 *
 * <h2>A thread of its own</h2>
 *
 * A coroutine is a thread that runs only while somebody resumes it. {@link Thread#currentThread()},
 * thread-locals, monitors and {@link java.util.concurrent.locks.ReentrantLock}s inside the body are
 * the coroutine's, the same for its whole life, whoever resumes it and from whichever thread. A
 * lock that is held across a yield stays held by the coroutine. A lock that the resumer holds is
 * not the body's: a body that waits for it waits for ever. A {@linkplain dev.stackful watchdog}
 * finds such bodies.
 *
 * <p>Any thread may resume a coroutine, virtual threads and other coroutines included, one at a
 * time: of two that race, one resumes it and the other gets an {@link IllegalStateException}.
 *
 * <h2>Ends</h2>
 *
 * A body ends by returning, which the pending {@code resume} returns, or by throwing, which comes
 * out of the pending {@code resume}: an unchecked exception as the same object, a checked one as
 * the cause of a {@link CoroutineException}. {@link #close} unwinds a suspended body where it
 * stands. A suspended coroutine whose {@code Coroutine} object has become unreachable is unwound by
 * a thread of the library, some time after the garbage collector has seen it.
 *
 * <h2>Memory effects</h2>
 *
 * Actions in a thread prior to calling {@link #resume(Object)} happen-before those that the body
 * takes after the {@link Yielder#yield(Object) yield} that the call ends (or from its start);
 * actions of the body prior to a {@code yield}, to its return or to its throw happen-before those
 * that follow the return of the {@code resume} that it ends.
 *
 * @param <I> what {@code resume} sends in
 * @param <O> what {@code yield} and the end of the body send out
 */
public final class Coroutine<I extends @Nullable Object, O extends @Nullable Object>
    implements AutoCloseable {

  /**
   * What a coroutine runs.
   *
   * @param <I> what {@code resume} sends in
   * @param <O> what {@code yield} and the return send out
   */
  @FunctionalInterface
  public interface Body<I extends @Nullable Object, O extends @Nullable Object> {
    /**
     * Runs from the first resume to the end of the coroutine.
     *
     * @param self the way back to the resumer
     * @param first what the first {@code resume} handed in
     * @return what the last {@code resume} returns
     * @throws Exception comes out of the pending {@code resume}, wrapped in a {@link
     *     CoroutineException} if it is checked
     */
    O run(Yielder<I, O> self, I first) throws Exception;
  }

  /** What a coroutine is doing. */
  public enum State {
    /** Not resumed yet. */
    NEW,
    /** Stands at a yield, or is about to leave it. */
    SUSPENDED,
    /** Runs. */
    RUNNING,
    /** Has resumed another coroutine, and waits for it. */
    NORMAL,
    /** Has ended. */
    DONE
  }

  private final CoroutineCore<I, O> core;

  Coroutine(Body<I, O> body, Engine engine, StackSource stacks, Builder builder) {
    this.core = new CoroutineCore<>(body, engine, stacks, builder, this);
  }

  /**
   * A new coroutine on the {@linkplain Engine#preferred() preferred} engine. Nothing runs before
   * the first {@code resume}, and until then it holds no stack.
   *
   * @param <I> what {@code resume} sends in
   * @param <O> what {@code yield} and the return send out
   * @param body what it runs
   * @return a coroutine that is {@link State#NEW}
   */
  public static <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> of(
      Body<I, O> body) {
    return Builder.DEFAULT.build(body);
  }

  /** {@return a builder, for another engine, a stack size or a name} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Runs the body up to its next yield, its return or its throw.
   *
   * @param value what the pending {@code yield} returns in the body, or, the first time, the body's
   *     second argument; may be null
   * @return what the body yields or returns; {@link #isDone()} tells which
   * @throws IllegalStateException if the coroutine is running, waits for another that it resumed,
   *     or has ended; nothing has changed then
   * @throws CoroutineException if the body threw a checked exception
   * @throws CoroutineLimitException if this is the first resume and there is no stack for it
   */
  public O resume(I value) {
    try {
      return core.resume(value);
    } finally {
      Reference.reachabilityFence(this); // or it could be found abandoned while it runs
    }
  }

  /**
   * {@code resume(null)}.
   *
   * @return what the body yields or returns
   * @see #resume(Object)
   */
  @SuppressWarnings("unchecked") // null is a value of every type that this may be called for
  public O resume() {
    return resume((I) null);
  }

  /**
   * Resumes the coroutine by throwing at its pending yield, as if the call of {@code yield} had
   * thrown. A coroutine that was never resumed ends at once: its body doesn't run.
   *
   * @param exception what is thrown in the body; a checked one is thrown as it is
   * @return what the body yields next or returns
   * @throws IllegalStateException as {@link #resume(Object)}
   * @throws CoroutineException if the body lets a checked exception out
   */
  public O raise(Throwable exception) {
    Objects.requireNonNull(exception, "exception");
    try {
      return core.raise(exception);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** {@return what the coroutine is doing now} Another thread may have changed it since. */
  public State state() {
    return core.state();
  }

  /** {@return whether the body has ended} */
  public boolean isDone() {
    return core.isDone();
  }

  /**
   * Unwinds a suspended body: its pending {@code yield} throws {@link ForcedUnwind}, so that its
   * {@code finally} blocks run, here and now. What the body then throws instead comes out, as from
   * a resume. A body that catches it and yields again gets it again. On a new coroutine and on one
   * that has ended it does nothing.
   *
   * @throws IllegalStateException if the coroutine is running, or waits for another that it
   *     resumed; or if its body went on yielding {@value CoroutineCore#MOST_UNWINDS} times, and is
   *     suspended still
   */
  @Override
  public void close() {
    try {
      core.close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Tells where the body stands.
   *
   * @return its frames, innermost first, without those of this library; empty for a coroutine that
   *     is new or has ended; of one that is running it may show any moment
   */
  public StackTraceElement[] stackTrace() {
    return core.stackTrace();
  }

  /** {@return the name given to the builder, or {@code coroutine-} and a number} */
  public String name() {
    return core.name();
  }

  /** {@return the engine that it runs on} */
  public Engine engine() {
    return core.engine();
  }

  /** {@return the coroutine whose body is calling, if one is} */
  public static Optional<Coroutine<?, ?>> current() {
    StackTask task = CoroutineStack.currentTask();
    return task instanceof CoroutineCore<?, ?> core
        ? Optional.ofNullable(core.handle())
        : Optional.empty();
  }

  CoroutineCore<I, O> core() {
    return core;
  }

  /** Name and state, for people. */
  @Override
  public String toString() {
    return "Coroutine[" + name() + ", " + state() + "]";
  }

  /**
   * Settings for coroutines. A builder may be used any number of times, by one thread at a time.
   */
  public static final class Builder {
    /** The largest stack, in bytes: 1 GiB, HotSpot's own limit for -Xss. */
    private static final long MOST_STACK_BYTES = 1024L * 1024 * 1024;

    static final Builder DEFAULT = new Builder();

    private @Nullable Engine engine;
    private long stackSizeBytes;
    private @Nullable String name;
    private boolean freshStack;

    private Builder() {}

    /**
     * Chooses the engine; without it, {@link Engine#preferred()}.
     *
     * @param engine one that {@link Engine#isAvailable()}; {@code build} refuses others
     * @return this builder
     */
    public Builder engine(Engine engine) {
      this.engine = Objects.requireNonNull(engine, "engine");
      return this;
    }

    /**
     * Chooses the stack's size; without it, 1 MiB on {@link Engine#NATIVE} and the JVM's default on
     * {@link Engine#PLATFORM_THREAD}. It is address space: only what is used becomes resident.
     * Sizes are rounded up, and to the least that the JVM can work with (some 200 KiB). {@link
     * Engine#VIRTUAL_THREAD} ignores it: its stacks grow as needed.
     *
     * @param bytes from 1 to 1 GiB (2<sup>30</sup>)
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder stackSize(long bytes) {
      if (bytes < 1 || bytes > MOST_STACK_BYTES) {
        throw new IllegalArgumentException(
            "a stack's size must be from 1 to " + MOST_STACK_BYTES + " bytes (1 GiB): " + bytes);
      }
      this.stackSizeBytes = bytes;
      return this;
    }

    /**
     * Chooses the name of the coroutine, and of its thread while it is one.
     *
     * @param name any text
     * @return this builder
     */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Asks for a thread that has served no other coroutine and will serve none after. Without it a
     * native coroutine may find thread-locals that an earlier one left on its stack.
     *
     * @param fresh whether to start a thread of its own
     * @return this builder
     */
    public Builder freshStack(boolean fresh) {
      this.freshStack = fresh;
      return this;
    }

    /**
     * Makes a coroutine with these settings.
     *
     * @param <I> what {@code resume} sends in
     * @param <O> what {@code yield} and the return send out
     * @param body what it runs
     * @return a coroutine that is {@link State#NEW}
     * @throws EngineUnavailableException if the engine isn't available; the message says why
     */
    public <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> build(
        Body<I, O> body) {
      Objects.requireNonNull(body, "body");
      Engine chosen = engine == null ? Engine.preferred() : engine;
      return new Coroutine<>(body, chosen, chosen.stacks(), this);
    }

    @Nullable String name() {
      return name;
    }

    long stackSizeBytes() {
      return stackSizeBytes;
    }

    boolean freshStack() {
      return freshStack;
    }
  }
}
