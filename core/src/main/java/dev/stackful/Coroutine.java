package dev.stackful;

import dev.stackful.internal.engine.Bindings;
import dev.stackful.internal.engine.CoroutineStack;
import dev.stackful.internal.engine.StackRequest;
import dev.stackful.internal.engine.StackSource;
import dev.stackful.internal.engine.StackTask;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A body of ordinary Java that runs on a stack of its own, up to the next {@code yield}, whenever
 * somebody resumes it. The body may yield at any depth of calls.
 *
 * {@snippet class="dev.stackful.examples.snippets.Averager" region="averager"}
 *
 * A coroutine is {@link State#NEW NEW} until its first resume, {@link State#SUSPENDED SUSPENDED} at
 * each yield, and {@link State#DONE DONE} after its body's end. Null is a value like any other, in
 * both directions; it never marks the end, {@link #isDone} does.
 *
 * <h2 id="identity">Thread identity</h2>
 *
 * A coroutine is a thread that runs only while somebody resumes it. {@link Thread#currentThread()},
 * monitors and {@link java.util.concurrent.locks.ReentrantLock}s inside the body are the
 * coroutine's, the same for its whole life, whoever resumes it and from whichever thread. The
 * resumer's are not seen there, nor its {@link ScopedValue}s, nor a confined {@link
 * java.lang.foreign.Arena}. The context class loader is the first resumer's at the first resume.
 *
 * <p>Thread-locals and the interrupt status are the coroutine's own, too, unless the {@link
 * Builder#context builder} was asked for the resumer's: see {@link Context}.
 *
 * <p>Any thread may resume a coroutine, virtual threads and other coroutines included, one at a
 * time: of two that race, one resumes it and the other gets a {@link NotResumableException}. What
 * blocks in the body blocks its resumer.
 *
 * <h2 id="locks">Locks</h2>
 *
 * A lock that is held across a yield stays held by the coroutine for as long as it is suspended.
 * Any thread that asks for it, the resumer included, waits until the coroutine has been resumed as
 * far as its unlock, or closed.
 *
 * <p>A lock that the resumer holds is not the body's: a body that waits for it waits for ever, and
 * the resumer with it. That goes for the resumer's resumer too, and for a class whose static
 * initializer resumes a coroutine that needs the class. A {@linkplain dev.stackful##watchdog
 * watchdog} finds such bodies; the JVM's own search for deadlocks doesn't.
 *
 * <h2 id="ends">Ends</h2>
 *
 * A body ends by returning, which the pending {@code resume} returns, or by throwing, which comes
 * out of the pending {@code resume}: an unchecked exception as the same object, a checked one as
 * the cause of a {@link CoroutineException}. {@link #raise} throws at the pending yield. {@link
 * #close} unwinds a suspended body where it stands.
 *
 * {@snippet class="dev.stackful.examples.snippets.Kitchen" region="kitchen"}
 *
 * <h2 id="abandonment">Abandonment</h2>
 *
 * A coroutine that was never resumed holds no stack, and one that has ended has given it back:
 * neither need be closed. A suspended one holds its stack, and all that its body refers to, until
 * it is closed. One whose {@code Coroutine} object has become unreachable is unwound by a thread of
 * the library, as by {@link #close}, some time after the garbage collector has found it; what its
 * body throws then is logged. Until that time it costs what a live one costs (see {@link Engine}).
 * An object that its body holds, and that refers to the {@code Coroutine}, keeps it reachable for
 * ever. Bodies that are suspended when the JVM ends are not unwound.
 *
 * <h2 id="memory">Memory effects</h2>
 *
 * Memory consistency effects: for each coroutine, actions in a thread prior to {@link
 * #resume(Object)}, {@link #raise} or {@link #close} <a
 * href="https://docs.oracle.com/en/java/javase/25/docs/api/java.base/java/util/concurrent/package-summary.html#MemoryVisibility"><i>happen-before</i></a>
 * those that the body takes subsequent to the {@link Yielder#yield(Object) yield} that the call
 * ends, or from its start; actions of the body prior to a {@code yield}, to its return or to its
 * throw <i>happen-before</i> those subsequent to the return of the call that it ends. So do actions
 * prior to a {@link Yielder#transferTo transfer} those of its target subsequent to it. Each resume
 * sees what the body did under all earlier ones, whichever threads made them.
 *
 * @apiNote Close a coroutine that isn't run to its end, best by {@code try}-with-resources. The
 *     collector runs when the heap fills, and a stack takes little of the heap: a program that
 *     abandons coroutines and allocates little else keeps thousands of them.
 * @implNote {@link Engine#NATIVE} serves one coroutine after the other with the same thread. The
 *     name, the interrupt status, the priority, the context class loader and the thread-locals are
 *     put back in between. Where thread-locals can't be erased ({@code doctor} says it, and why),
 *     each coroutine gets a thread of its own.
 * @param <I> what {@code resume} sends in
 * @param <O> what {@code yield} and the end of the body send out
 * @since 0.1.0
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
     * Runs from the first resume to the end of the coroutine, on the coroutine's thread.
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
    /** Not resumed yet: it holds no stack, and nothing is there to unwind. */
    NEW,
    /** Stands at a yield or at a transfer, and may be resumed. */
    SUSPENDED,
    /** Runs, or blocks in something that its body called. */
    RUNNING,
    /** Has resumed another coroutine, and waits for it. */
    NORMAL,
    /** Has ended: returned, thrown or been closed. It never leaves this state. */
    DONE
  }

  /**
   * Whose thread-locals, and whose interrupts, a body sees.
   *
   * <p>A {@link Generator} is its consumer's code turned inside out: what it logs, and in which
   * transaction it reads, should not depend on that. So generators, sinks and what is built on them
   * have the {@link #RESUMER}'s context by default. A coroutine that stands by itself is resumed by
   * whoever comes along, a scheduler say, whose thread-locals are nothing to it; and a fiber is a
   * thread of control of its own, as a thread is. They have their {@link #OWN}.
   */
  public enum Context {
    /**
     * The body's own: no thread-locals at its start, the same ones whoever resumes it, and erased
     * at its end; and an interrupt status that no one else's touches.
     */
    OWN,

    /**
     * The resumer's, live: for as long as the body runs, the thread-locals of whoever resumed it
     * are the body's too, the {@linkplain InheritableThreadLocal inheritable} ones included. What
     * one of them sets or removes, the other sees. The next resumer may be another thread: then the
     * body sees that one's. Across a yield the body can rely on a thread-local as far as its
     * resumers can.
     *
     * <p>The resumer's interrupt status moves to the body with a resume and comes back with what
     * comes out. An interrupt of the resumer while the body runs, or blocks, reaches the body
     * within 100 ms; on {@link Engine#NATIVE} the first in each turn does, and others are lost.
     *
     * <p>All else that belongs to a thread stays the coroutine's own: {@link Thread#currentThread},
     * locks and monitors, scoped values (see {@linkplain Coroutine##identity above}). A {@link
     * java.util.concurrent.locks.ReentrantReadWriteLock} counts the read locks of a thread in
     * thread-locals: one that the body holds across a yield must be unlocked under the same
     * resumer. Netty's {@code FastThreadLocal} keeps its values in fields of Netty's own threads,
     * if the resumer is one, and these the body doesn't see.
     *
     * @implNote Thread-locals take native access. On the engines of threads it isn't asked for
     *     where it was not given: then the body has thread-locals of its own, as it has where the
     *     JVM keeps them elsewhere. {@code doctor} says whether they can be shared. A thread-local
     *     whose {@code initialValue} resumes the coroutine that asks for it gets a {@link
     *     NotResumableException}.
     */
    RESUMER
  }

  private final CoroutineCore<I, O> core;

  /** Whether it only looks at a coroutine that belongs to something larger. */
  private final boolean looksOn;

  Coroutine(Body<I, O> body, Engine engine, StackSource stacks, Builder builder, Context context) {
    this.core = new CoroutineCore<>(body, engine, stacks, builder, context, this);
    this.looksOn = false;
  }

  /** Another handle of the same coroutine, which looks on. */
  Coroutine(CoroutineCore<I, O> core) {
    this.core = core;
    this.looksOn = true;
  }

  /**
   * The inner half, for whoever wants the coroutine to go on.
   *
   * @throws NotResumableException if this handle only looks on
   */
  CoroutineCore<I, O> resumable(String verb) {
    if (looksOn) {
      throw new NotResumableException(
          core,
          "cannot "
              + verb
              + " "
              + core.describe()
              + ": it belongs to "
              + core.owner()
              + ", which alone resumes it");
    }
    return core;
  }

  /** Whether an exception that came out of a resume is this coroutine's own refusal. */
  boolean hasRefused(NotResumableException thrown) {
    return thrown.isBy(core) && !isDone();
  }

  /**
   * A new coroutine on the {@linkplain Engine#preferred() preferred} engine. Nothing runs before
   * the first {@code resume}, and until then it holds no stack.
   *
   * @param <I> what {@code resume} sends in
   * @param <O> what {@code yield} and the return send out
   * @param body what it runs
   * @return a coroutine that is {@link State#NEW}
   * @throws NullPointerException if {@code body} is null
   * @throws EngineUnavailableException if the preferred engine isn't available, which can be only
   *     where the system property {@code stackful.engine} names it; the message says why
   * @throws IllegalArgumentException if that property names no engine
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
   * Runs the body up to its next yield, its return or its throw. If the body {@linkplain
   * Yielder#transferTo transfers} to another coroutine, what that one yields, returns or throws
   * ends this call instead, and this coroutine is suspended.
   *
   * @param value what the pending {@code yield} returns in the body, or, the first time, the body's
   *     second argument; may be null
   * @return what the body yields or returns; {@link #isDone()} tells which
   * @throws NotResumableException if the coroutine is running, waits for another that it resumed,
   *     has ended, or belongs to a generator or a fiber; nothing has changed then
   * @throws CoroutineException if the body threw a checked exception; an unchecked one comes out as
   *     it is
   * @throws CoroutineLimitException if this is the first resume and there is no stack for it; the
   *     coroutine is as new
   */
  public O resume(I value) {
    try {
      return resumable("resume").resume(value);
    } finally {
      Reference.reachabilityFence(this); // or it could be found abandoned while it runs
    }
  }

  /**
   * {@code resume(null)}.
   *
   * @return what the body yields or returns
   * @throws NotResumableException as {@link #resume(Object)}
   * @throws CoroutineException as {@link #resume(Object)}
   * @throws CoroutineLimitException as {@link #resume(Object)}
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
   * @throws NullPointerException if {@code exception} is null; nothing has changed then
   * @throws NotResumableException as {@link #resume(Object)}
   * @throws CoroutineException if the body lets a checked exception out, this one or another; an
   *     unchecked one comes out as it is
   * @apiNote {@code yield} declares no checked exception, so the compiler refuses a {@code catch}
   *     of just that type around it: such a body catches {@link Exception}. The stack trace is that
   *     of the place where the exception was made, not of the pending yield.
   */
  public O raise(Throwable exception) {
    Objects.requireNonNull(exception, "exception");
    try {
      return resumable("raise an exception in").raise(exception);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * {@return what the coroutine is doing now} Any thread may ask, at any time; another may have
   * changed it since.
   */
  public State state() {
    return core.state();
  }

  /** {@return whether the body has ended, that is, the state is {@link State#DONE}} */
  public boolean isDone() {
    return core.isDone();
  }

  /**
   * Unwinds a suspended body: its pending {@code yield} throws {@link ForcedUnwind}, so that its
   * {@code finally} blocks run, here and now, on the coroutine's thread. What the body then throws
   * instead comes out, as from a resume, and the coroutine has ended; what it returns is dropped. A
   * new coroutine ends without its body having run, as there is nothing to unwind. On one that has
   * ended it does nothing.
   *
   * <p>A body that yields or {@linkplain Yielder#transferTo transfers} while it is unwound, in a
   * {@code finally} block or after it has caught the {@code ForcedUnwind}, gets it again out of
   * that call: the value goes to nobody, and the target of the transfer is left alone. It may
   * resume other coroutines. After {@value CoroutineCore#MOST_UNWINDS} times the body is given up:
   * its next yield or transfer suspends it.
   *
   * @throws NotResumableException if the coroutine is running, waits for another that it resumed,
   *     or belongs to a generator or a fiber: nothing has changed then
   * @throws IllegalStateException if the body was given up; it is suspended, and may be resumed or
   *     closed again
   * @throws CoroutineException if the body threw a checked exception while it was unwound
   */
  @Override
  public void close() {
    try {
      resumable("close").close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Tells where the body stands. Any thread may ask, at any time.
   *
   * @return its frames, innermost first, without those by which this library suspends or resumes;
   *     empty for a coroutine that is new or has ended; of one that is running it may show any
   *     moment
   * @apiNote It asks for a stack trace of the coroutine's thread, as {@link Thread#getStackTrace}
   *     does, and is no cheaper.
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

  /**
   * {@return the coroutine whose body is calling, on its own thread} Empty elsewhere, and in an
   * abandoned body that is being unwound: nobody has its coroutine any more. In a body that belongs
   * to a generator or a fiber it can only be looked at, by {@link #state} and {@link #stackTrace};
   * it refuses to be resumed or closed.
   *
   * @see Yielder#current()
   */
  public static Optional<Coroutine<?, ?>> current() {
    StackTask task = CoroutineStack.currentTask();
    return task instanceof CoroutineCore<?, ?> core
        ? Optional.ofNullable(core.current())
        : Optional.empty();
  }

  /** Name and state, for people. */
  @Override
  public String toString() {
    return "Coroutine[" + name() + ", " + state() + "]";
  }

  /**
   * Settings for coroutines.
   *
   * {@snippet class="dev.stackful.examples.snippets.Engines" region="engines"}
   *
   * A builder may be used any number of times, by one thread at a time; what it has built doesn't
   * change with it.
   */
  public static final class Builder {
    static final Builder DEFAULT = new Builder();

    private @Nullable Engine engine;
    private boolean engineByResumer;
    private long stackSizeBytes;
    private @Nullable String name;
    private boolean freshStack;
    private @Nullable Context context;
    private List<ScopedValue<?>> scopedValues = List.of();
    private List<ContextElement<?, ?>> contextElements = List.of();

    private Builder() {}

    /** Another with the same settings. */
    Builder copy() {
      Builder copy = new Builder();
      copy.engine = engine;
      copy.engineByResumer = engineByResumer;
      copy.stackSizeBytes = stackSizeBytes;
      copy.name = name;
      copy.freshStack = freshStack;
      copy.context = context;
      copy.scopedValues = scopedValues;
      copy.contextElements = contextElements;
      return copy;
    }

    /**
     * Chooses the engine; without it, {@link Engine#preferred()}.
     *
     * @param engine one that {@link Engine#isAvailable()}; {@code build} refuses others
     * @return this builder
     * @throws NullPointerException if {@code engine} is null
     */
    public Builder engine(Engine engine) {
      this.engine = Objects.requireNonNull(engine, "engine");
      this.engineByResumer = false;
      return this;
    }

    /**
     * Leaves the engine to the first resume: {@link Engine#VIRTUAL_THREAD} if that comes from a
     * virtual thread, so that a body which blocks doesn't keep a carrier; the engine of the
     * coroutine whose body resumes or transfers, if one does; and otherwise {@link
     * Engine#preferred()}. Until then {@link Coroutine#engine} tells the last of these.
     *
     * @return this builder
     * @apiNote For bodies that block, in a server with a virtual thread for each request. One that
     *     only computes is served faster by {@link Engine#NATIVE}, from virtual threads too.
     */
    public Builder engineByResumer() {
      this.engine = null;
      this.engineByResumer = true;
      return this;
    }

    /**
     * Chooses the stack's size, in bytes; without it, 1 MiB on {@link Engine#NATIVE} and the JVM's
     * default on {@link Engine#PLATFORM_THREAD}. It is address space: only what is used becomes
     * resident. {@link Engine#VIRTUAL_THREAD} ignores it: its stacks grow as needed, up to the
     * JVM's default size of a thread's stack ({@code -Xss}). A body that needs more gets a {@link
     * StackOverflowError}.
     *
     * @param bytes from 1 to 1 GiB (2<sup>30</sup>)
     * @return this builder
     * @throws IllegalArgumentException if out of range
     * @implNote The upper end is HotSpot's own for {@code -Xss} (arguments.cpp, {@code parse_xss}).
     *     A small size is raised to the least that HotSpot starts a thread with, some 200 KiB
     *     (os_posix.cpp, {@code set_minimum_stack_sizes}). {@code NATIVE} rounds up to 64 KiB, so
     *     that coroutines of nearly equal sizes share stacks.
     */
    public Builder stackSize(long bytes) {
      this.stackSizeBytes = StackRequest.checkStackSize(bytes);
      return this;
    }

    /**
     * Chooses the name of the coroutine, and of its thread while it is one. Without one the
     * coroutine's is {@code coroutine-} and a number; its thread on {@link Engine#NATIVE} bears
     * that only once somebody has asked for it while the coroutine was suspended.
     *
     * @param name any text; it need not be unique
     * @return this builder
     * @throws NullPointerException if {@code name} is null
     */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Asks for a thread that has served no other coroutine and will serve none after. Without it
     * {@link Engine#NATIVE} serves one coroutine after the other with the same thread. Their
     * thread-locals don't mix, as they are erased in between; but what C libraries keep for each
     * thread (errno, a locale, an OpenSSL error queue) stays, as does what is kept by the {@link
     * Thread} object.
     *
     * @param fresh whether to start a thread of its own
     * @return this builder
     * @apiNote It costs the start and the end of a kernel thread with each coroutine.
     * @implNote The engines of threads always start a fresh one.
     */
    public Builder freshStack(boolean fresh) {
      this.freshStack = fresh;
      return this;
    }

    /**
     * Chooses whose thread-locals and interrupts the body sees; without it, its {@link Context#OWN
     * own}. Generators, sinks and their kind have their {@link Context#RESUMER resumer's} unless
     * something else is chosen.
     *
     * @param context whose
     * @return this builder
     * @throws NullPointerException if {@code context} is null
     */
    public Builder context(Context context) {
      this.context = Objects.requireNonNull(context, "context");
      return this;
    }

    /**
     * Chooses the scoped values that the body is to see: each that is bound where the coroutine is
     * first resumed, or first transferred to, is bound to the same in the body, from its start to
     * its end. Without it none is, as the body runs on a thread of its own.
     *
     * {@snippet class="dev.stackful.examples.snippets.Scoped" region="scoped"}
     *
     * @param values all that it is to see; an earlier choice doesn't count any more
     * @return this builder
     * @throws NullPointerException if {@code values} or one of them is null
     * @throws IllegalArgumentException if one of them is there twice
     * @apiNote Later resumers' bindings are not seen: a scoped value is bound for a block, and the
     *     body's block is all of the body. What may change goes in with {@code resume}, and is
     *     bound by the body around what it calls. Whoever makes the {@link ScopedValue.Carrier
     *     Carrier} itself, and can't list what is in it, has the body call it.
     */
    public Builder scopedValues(ScopedValue<?>... values) {
      this.scopedValues = Bindings.listed(values);
      return this;
    }

    /**
     * Adds a piece of context that goes from the resumer to the body with every turn.
     *
     * @param element is set on the body's thread after those that were added before
     * @return this builder
     * @throws NullPointerException if {@code element} is null
     */
    public Builder contextElement(ContextElement<?, ?> element) {
      List<ContextElement<?, ?>> more = new ArrayList<>(contextElements);
      more.add(Objects.requireNonNull(element, "element"));
      this.contextElements = List.copyOf(more);
      return this;
    }

    /**
     * Makes a coroutine with these settings. Nothing runs before the first {@code resume}.
     *
     * @param <I> what {@code resume} sends in
     * @param <O> what {@code yield} and the return send out
     * @param body what it runs
     * @return a coroutine that is {@link State#NEW}
     * @throws NullPointerException if {@code body} is null
     * @throws EngineUnavailableException if the engine isn't available; the message says why
     * @throws IllegalArgumentException if no engine was chosen, and the system property {@code
     *     stackful.engine} names none
     */
    public <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> build(
        Body<I, O> body) {
      return build(body, Context.OWN);
    }

    /** The same for what has a context of another kind by default. */
    <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> build(
        Body<I, O> body, Context unlessChosen) {
      Objects.requireNonNull(body, "body");
      Engine chosen = engine == null ? Engine.preferred() : engine;
      StackSource stacks = chosen.stacks();
      return new Coroutine<>(body, chosen, stacks, this, context == null ? unlessChosen : context);
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

    boolean isEngineByResumer() {
      return engineByResumer;
    }

    List<ContextElement<?, ?>> contextElements() {
      return contextElements;
    }

    List<ScopedValue<?>> scopedValues() {
      return scopedValues;
    }
  }
}
