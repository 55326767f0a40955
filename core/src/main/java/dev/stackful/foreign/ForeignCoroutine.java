package dev.stackful.foreign;

import dev.stackful.internal.foreign.ForeignContext;
import dev.stackful.internal.foreign.ForeignContextLayout;
import dev.stackful.internal.foreign.ForeignSwitch;
import dev.stackful.internal.foreign.StackMemoryException;
import dev.stackful.internal.foreign.Thunks;
import dev.stackful.internal.os.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A C function that runs on a stack of its own, and is suspended whenever it calls back.
 *
 * <p>Many a C library pushes: it calls a function of yours for each row, element or comparison, and
 * doesn't return before the last. Run as a foreign coroutine it can be pulled instead: {@link
 * #resume} runs the C code up to its next call of a {@linkplain #callback callback}, whose
 * arguments Java then reads; the next resume returns from that call. No upcall takes place, no C
 * compiler is needed, and the C code needs no change.
 *
 * {@snippet class="dev.stackful.examples.snippets.SortSteps" region="sort-steps"}
 *
 * <h2>States</h2>
 *
 * {@link #start} lays a function and its arguments on the stack; each {@link #resume} continues it.
 * If that returns true, C code waits in a call of the callback {@link #called()}, to be read and
 * answered. If it returns false, the function has returned, with {@link #result()}. Then another
 * function may be started, with the same callbacks.
 *
 * <p>{@link #close} gives stack and callbacks back. A suspended C function can't be unwound, as C
 * knows no such thing: its frames are dropped as they are. Locks that it holds stay locked, memory
 * that it allocated stays allocated, and the library that it belongs to may be left in the middle
 * of something, as after a {@code longjmp} out of it. Where a library has a way to stop (a
 * callback's answer that tells it to abort, as {@code sqlite3_exec} has), use that first, and
 * resume up to the end. A foreign coroutine that is not closed is never collected: its stack stays
 * mapped.
 *
 * <h2>Threads</h2>
 *
 * A <em>confined</em> foreign coroutine belongs to the thread that made it: from others, all
 * methods but {@link #state} throw a {@link WrongThreadException}, as with {@link
 * Arena#ofConfined}. A <em>shared</em> one may be resumed by any thread, one at a time: of two that
 * race, one resumes and the other gets an {@link IllegalStateException}; the actions of a thread
 * prior to a resume happen-before those that follow the next resume in another thread. Between two
 * resumes the threads must agree on which of them reads and answers the pending call. To close a
 * shared one takes longer, like {@link Arena#ofShared}.
 *
 * <p>C code runs on the kernel thread of whoever resumes, with that one's {@code errno},
 * thread-local variables and {@code pthread_self}. So the C code of a shared one, and of one that a
 * virtual thread owns, must not keep pointers to such things across a call of a callback, nor hold
 * a mutex that belongs to a thread; compilers may keep the address of a thread-local variable even
 * where the source doesn't. Rounding mode and other floating-point control are the coroutine's own,
 * and its resumer's come back with each suspend. The owner of a confined one must not change its
 * own while a function is suspended.
 *
 * <h2>What C code may do</h2>
 *
 * Whatever fits on its stack. It may {@code longjmp} within its own stack, call other libraries,
 * block (all the time the resumer is blocked). It must not
 *
 * <ul>
 *   <li>call Java: neither by an {@linkplain java.lang.foreign.Linker#upcallStub upcall stub} nor
 *       by JNI. Java code can't run on a stack that the JVM doesn't know; what happens is a crash,
 *       a {@link StackOverflowError} that ends the process, or nothing until the next garbage
 *       collection. An upcall stub that is passed to {@link #start} is refused; one that C code got
 *       by other ways isn't seen. C code that must call Java runs in a {@link
 *       dev.stackful.Coroutine} whose body makes the downcall;
 *   <li>end its thread ({@code pthread_exit}), which would end the resumer's in the middle of a
 *       downcall;
 *   <li>leave its stack for good, as by a {@code longjmp} or a C++ exception out of the function;
 *   <li>call a callback from another stack than the coroutine's: that traps.
 * </ul>
 *
 * Recursion too deep for its stack, or a frame too large, runs into the guard below and ends the
 * process with SIGSEGV. It never writes to other memory silently.
 *
 * <h2>Critical</h2>
 *
 * {@link Builder#critical} makes a resume cheaper: the thread's state isn't changed for the time
 * that C code runs, as with {@link java.lang.foreign.Linker.Option#critical}. Until it is
 * suspended, no garbage collection or other safepoint operation begins, in the whole JVM. It is for
 * C code that comes to its next callback within microseconds and never blocks.
 *
 * <p>This class is as unsafe as the foreign linker: a wrong descriptor, a dangling pointer or a C
 * function that does what it must not corrupts or ends the process. It needs the same permission,
 * {@code --enable-native-access=dev.stackful}.
 *
 * <p>It is for Linux on x86-64 and AArch64. It is written for macOS too, but not yet run on a Mac,
 * and off there unless the system property {@code stackful.foreign.macos} is {@code true}; upcall
 * stubs aren't recognised there.
 *
 * @see java.lang.foreign.Linker
 * @since 0.1.0
 */
public final class ForeignCoroutine implements AutoCloseable {
  /** What a foreign coroutine is doing. */
  public enum State {
    /** No function was started yet. */
    NEW,
    /** A function was started, and isn't running: at its beginning, or in a call of a callback. */
    SUSPENDED,
    /** A thread is in {@code resume}. */
    RUNNING,
    /** The function has returned. */
    DONE,
    /** The stack was given back. */
    CLOSED
  }

  private static final long DEFAULT_STACK_BYTES = 256 * 1024;
  private static final long MOST_STACK_BYTES = 1L << 30;
  private static final FunctionDescriptor YIELD =
      FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
  // What the status is where C code doesn't wait in a call; an event is above 0.
  private static final long NEW = 0;
  private static final long STARTED = -1;
  private static final long RUNNING = -2;
  private static final long DONE = -3;
  private static final long CLOSED = -4;

  /**
   * A resume has begun whose end was not noticed. Any call can end in a {@link StackOverflowError},
   * before C code has run or after; the next resume goes on from there, and until then the call
   * that was pending may have returned already.
   */
  private static final long UNNOTICED = -5;

  /** An error has come in the middle of a close: closed, but for what is still to be given back. */
  private static final long HALF_CLOSED = -6;

  private static final VarHandle STATUS;

  static {
    try {
      STATUS = MethodHandles.lookup().findVarHandle(ForeignCoroutine.class, "status", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Thread owner;
  private final boolean critical;
  private final ForeignContext context;

  /**
   * Whether each resume may come on another kernel thread, whose floating-point control isn't the
   * one before's.
   */
  private final boolean movesBetweenThreads;

  /** Confines the views of native memory to their thread, and ends them. */
  private final Arena arena;

  /** The context's fields, for use without the claim: another thread may close it meanwhile. */
  private final MemorySegment fields;

  /**
   * The event of the call in which C code waits, or one of the above. It is the claim too: whoever
   * changes it to RUNNING may use all that follows. All in one, a round trip has little to read and
   * to write, and one comparison tells whether a call may be read and answered.
   */
  private volatile long status = NEW;

  private @Nullable ForeignCallback callbacks;
  private int callbackCount;

  /** Whether there is one that returns a value. */
  private boolean someMustBeAnswered;

  private @Nullable ForeignCallback yielder;
  private @Nullable Signature started;

  /** Keeps what C code has pointers to, and the C code. */
  @SuppressWarnings("UnusedVariable") // the collector reads it
  private Object @Nullable [] arguments;

  private boolean answered;

  /** The status before the resume whose end was not noticed. */
  private long beforeUnnoticed;

  private ForeignCoroutine(Builder builder) {
    this.owner = builder.shared ? null : Thread.currentThread();
    this.critical = builder.critical;
    this.movesBetweenThreads = owner == null || owner.isVirtual();
    this.arena = builder.shared ? Arena.ofShared() : Arena.ofConfined();
    try {
      this.context = ForeignContext.allocate(builder.stackBytes);
    } catch (StackMemoryException e) {
      arena.close();
      throw new ForeignCoroutineLimitException(e.getMessage(), e);
    }
    boolean made = false;
    try {
      this.fields = context.fields().reinterpret(arena, null);
      made = true;
    } finally {
      if (!made) {
        context.free();
      }
    }
  }

  /**
   * {@return a new foreign coroutine that belongs to the calling thread, with a stack of 256 KiB}
   *
   * @throws UnsupportedOperationException if foreign coroutines don't work here, with the reason
   * @throws IllegalCallerException if native access is denied
   * @throws ForeignCoroutineLimitException if there is no memory for its stack
   */
  public static ForeignCoroutine ofConfined() {
    return builder().build();
  }

  /**
   * {@return a new foreign coroutine that any thread may resume, with a stack of 256 KiB}
   *
   * @throws UnsupportedOperationException if foreign coroutines don't work here, with the reason
   * @throws IllegalCallerException if native access is denied
   * @throws ForeignCoroutineLimitException if there is no memory for its stack
   */
  public static ForeignCoroutine ofShared() {
    return builder().shared().build();
  }

  /**
   * {@return a builder, to choose the stack's size and more}
   *
   * @throws UnsupportedOperationException if foreign coroutines don't work here, with the reason
   * @throws IllegalCallerException if native access is denied
   */
  public static Builder builder() {
    Availability.require();
    return new Builder();
  }

  // ---- callbacks -----------------------------------------------------------------------------

  /**
   * Makes a C function pointer that suspends this coroutine when C code calls it. It lasts until
   * the coroutine is closed, for all functions that are started in it. There may be several.
   *
   * @param descriptor arguments and return: integers, pointers, floats and doubles, as many as
   *     there are registers for (six integers or pointers on x86-64, eight on AArch64; eight floats
   *     or doubles)
   * @return the pointer, and the view of its calls
   * @throws UnsupportedOperationException if a value is a struct, or would be passed on the stack
   * @throws IllegalStateException if the coroutine is running or closed
   * @throws WrongThreadException if it belongs to another thread
   * @throws ForeignCoroutineLimitException if there is no memory for it
   */
  public ForeignCallback callback(FunctionDescriptor descriptor) {
    Objects.requireNonNull(descriptor, "descriptor");
    Signature signature = Signature.of(descriptor);
    return addCallback(signature, "callback " + (callbackCount + 1), /* yields= */ false);
  }

  /**
   * The function {@code long yield(long)}, for C code that is written to yield: its argument goes
   * to Java and what Java answers is its return, or 0 where that answers nothing. A pointer fits as
   * well as a number. It does the same as a callback of that type, and saves fewer registers.
   *
   * @return always the same
   * @throws IllegalStateException if the coroutine is running or closed
   * @throws WrongThreadException if it belongs to another thread
   * @throws ForeignCoroutineLimitException if there is no memory for it
   */
  public ForeignCallback yielder() {
    ForeignCallback known = yielder;
    if (known != null) {
      checkThread();
      return known;
    }
    return addCallback(Signature.of(YIELD), "the yielder", /* yields= */ true);
  }

  private ForeignCallback addCallback(Signature signature, String name, boolean yields) {
    long before = claim("get a callback", /* whereSuspended= */ true);
    try {
      ForeignCallback known = yielder;
      if (yields && known != null) {
        return known; // another thread has made it meanwhile
      }
      MemorySegment slot = takeSlot(signature, yields);
      MemorySegment function =
          MemorySegment.ofAddress(Thunks.functionOf(slot)).reinterpret(arena, null);
      ForeignCallback callback =
          new ForeignCallback(this, signature, name, !yields, slot, function, callbacks);
      callbacks = callback;
      someMustBeAnswered |= callback.mustBeAnswered();
      if (yields) {
        yielder = callback;
      } else {
        callbackCount++;
      }
      return callback;
    } finally {
      status = before; // not by a call, which could fail as well
    }
  }

  private MemorySegment takeSlot(Signature signature, boolean yields) {
    try {
      if (yields) {
        return Thunks.takeYield(context.address());
      }
      return signature.hasIntegersOnly()
          ? Thunks.takeCallbackOfIntegers(context.address())
          : Thunks.takeCallback(context.address());
    } catch (SystemCallException e) {
      throw new ForeignCoroutineLimitException("no memory for callbacks: " + e.getMessage(), e);
    }
  }

  // ---- running -------------------------------------------------------------------------------

  /**
   * Lays a function and its arguments on the stack. The next {@link #resume} calls it.
   *
   * @param function a C function
   * @param descriptor its arguments and return, within what {@link #callback} takes. It doesn't
   *     tell that a function is variadic: what is no part of its prototype must be passed in
   *     registers like the rest, as it is on Linux, and on macOS on Apple silicon is not
   * @param arguments as many as the descriptor has, each of exactly the type of its layout: {@link
   *     Integer} for {@code JAVA_INT}, {@link MemorySegment} for {@code ADDRESS} and so on. The
   *     coroutine keeps segments, the function's too, reachable until the function returns; that
   *     their arenas aren't closed before is the caller's business
   * @throws UnsupportedOperationException if a value is a struct, or would be passed on the stack
   * @throws IllegalArgumentException if the function is a null pointer or an upcall stub, or
   *     arguments don't match the descriptor, are upcall stubs, or segments on the heap
   * @throws IllegalStateException if a function is running or suspended in here, if the coroutine
   *     is closed, or a segment's arena is
   * @throws WrongThreadException if the coroutine, or a segment's arena, belongs to another thread
   */
  public void start(MemorySegment function, FunctionDescriptor descriptor, Object... arguments) {
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(descriptor, "descriptor");
    Objects.requireNonNull(arguments, "arguments");
    Signature last = started;
    Signature signature =
        last != null && last.descriptor() == descriptor ? last : Signature.of(descriptor);
    long address = Kind.pointer(function, "the function");
    if (address == 0) {
      throw new IllegalArgumentException("the function is a null pointer");
    }
    UpcallStubs.refuse(address, "the function");
    if (arguments.length != signature.arity()) {
      throw new IllegalArgumentException(
          "%d arguments for a function that takes %d: %s"
              .formatted(arguments.length, signature.arity(), descriptor));
    }
    Object[] kept = Arrays.copyOf(arguments, arguments.length + 1, Object[].class);
    kept[arguments.length] = function; // its arena may be that of its library
    long[] registers = new long[arguments.length];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = signature.kind(i).unbox(kept[i], "argument " + i);
      if (signature.kind(i) == Kind.ADDRESS) {
        UpcallStubs.refuse(registers[i], "argument " + i);
      }
    }
    long before = claim("start a function", /* whereSuspended= */ false);
    boolean laid = false;
    try {
      for (int i = 0; i < registers.length; i++) {
        context.write(signature.offset(i), registers[i]);
      }
      context.write(ForeignContextLayout.FP_KNOWN, 0);
      context.begin(address);
      this.arguments = kept;
      started = signature;
      laid = true;
    } finally {
      status = laid ? STARTED : before; // not by a call
    }
  }

  /**
   * Continues the function, up to its next call of a callback or to its end. A pending call must
   * have been answered, if its function returns a value.
   *
   * @return true if C code has called a callback, which is {@link #called()}; false if the function
   *     has returned
   * @throws IllegalStateException if no function is suspended in here, or its pending call was not
   *     answered
   * @throws WrongThreadException if the coroutine belongs to another thread
   */
  public boolean resume() {
    return resume(/* answers= */ false, 0);
  }

  /**
   * Claims the coroutine and resumes it, with an answer to the pending call if {@code answers}. A
   * compiler takes it into each of its callers, as {@code CoroutineCore.turn}.
   */
  private boolean resume(boolean answers, long answer) {
    long before = claim();
    boolean begun = false;
    try {
      if (before == UNNOTICED && (!answers || hasStopped())) {
        return goOn();
      }
      if (answers) {
        answer(before == UNNOTICED ? beforeUnnoticed : before, answer);
      } else {
        requireAnswer(before);
      }
      context.write(ForeignContextLayout.EVENT, ForeignContextLayout.NOTHING_YET);
      begun = before != UNNOTICED;
      return run();
    } catch (Throwable t) {
      // Not by a call, which could fail as well.
      if (begun) {
        beforeUnnoticed = before;
      }
      status = begun ? UNNOTICED : before;
      throw t;
    }
  }

  private void answer(long event, long answer) {
    ForeignCallback pending = callbackOf(event);
    if (pending == null) {
      throw nobodyWaits();
    }
    pending.requireInteger(answer);
    context.write(ForeignContextLayout.ANSWER, answer);
  }

  /** Checks that a pending call was answered, if it must be. */
  private void requireAnswer(long before) {
    if (answered) {
      return;
    }
    if (someMustBeAnswered) {
      ForeignCallback pending = callbackOf(before);
      if (pending != null && pending.mustBeAnswered()) {
        throw new IllegalStateException(
            pending
                + " must be answered before its coroutine is resumed, by answer(value) or"
                + " resume(value): C code waits for a value");
      }
    }
    context.write(ForeignContextLayout.ANSWER, 0); // what the yielder returns then
  }

  /** After a resume whose end was not noticed: C code has run in it, or not yet. */
  private boolean goOn() {
    long event = context.read(ForeignContextLayout.EVENT);
    return event == ForeignContextLayout.NOTHING_YET ? run() : stopped(event);
  }

  private boolean run() {
    if (movesBetweenThreads) {
      context.write(ForeignContextLayout.FP_KNOWN, 0);
    }
    long event;
    try {
      event =
          critical
              ? ForeignSwitch.resumeCritical(context.address())
              : ForeignSwitch.resume(context.address());
    } finally {
      Reference.reachabilityFence(this); // and so of the arguments
    }
    return stopped(event); // last: from then on another thread may claim it
  }

  private boolean stopped(long event) {
    if (event == ForeignContextLayout.RETURNED) {
      arguments = null;
      publish(DONE);
      return false;
    }
    answered = false;
    publish(event);
    return true;
  }

  /**
   * Answers the pending call and resumes: the same as {@code called().answer(value)} and {@link
   * #resume()}.
   *
   * @param answer what the pending call is to return
   * @return as {@link #resume()}
   * @throws IllegalStateException if no call is pending
   * @throws IllegalArgumentException if the call returns no integer, or one of another range
   * @throws WrongThreadException if the coroutine belongs to another thread
   */
  public boolean resume(long answer) {
    if ((long) STATUS.get(this) <= 0 && !hasRunUnseen()) {
      called(); // refuses, unless a resume has failed before C code ran
    }
    return resume(/* answers= */ true, answer);
  }

  /** Whether C code has gone on in a resume that failed after it, so that no answer is awaited. */
  private boolean hasRunUnseen() {
    return status == UNNOTICED
        && fields.get(ValueLayout.JAVA_LONG, ForeignContextLayout.EVENT)
            != ForeignContextLayout.NOTHING_YET;
  }

  /** The same for whoever has the claim. */
  private boolean hasStopped() {
    return context.read(ForeignContextLayout.EVENT) != ForeignContextLayout.NOTHING_YET;
  }

  /** The event of the call that may be read and answered; no event if there is none. */
  private long pendingEvent() {
    long now = status;
    return now == UNNOTICED && !hasRunUnseen() ? beforeUnnoticed : now;
  }

  private @Nullable ForeignCallback callbackOf(long event) {
    ForeignCallback callback = callbacks;
    while (callback != null && callback.event() != event) {
      callback = callback.next;
    }
    return callback;
  }

  private IllegalStateException nobodyWaits() {
    return new IllegalStateException("no callback is waiting in " + this);
  }

  /**
   * {@return the callback that C code has called, and in which it waits}
   *
   * @throws IllegalStateException if no call is pending
   * @throws WrongThreadException if the coroutine belongs to another thread
   */
  public ForeignCallback called() {
    checkThread();
    ForeignCallback called = callbackOf(pendingEvent());
    if (called == null) {
      throw nobodyWaits();
    }
    return called;
  }

  /**
   * {@return what the function has returned, boxed; null for a {@code void} function}
   *
   * @throws IllegalStateException if it hasn't returned
   * @throws WrongThreadException if the coroutine belongs to another thread
   */
  public @Nullable Object result() {
    checkThread();
    Signature signature = started;
    if (status != DONE || signature == null) {
      throw new IllegalStateException("no function has returned in " + this);
    }
    Kind kind = signature.returnKind();
    ValueLayout layout = signature.returnLayout();
    if (kind == null || layout == null) {
      return null;
    }
    int offset =
        kind.isFloatingPoint() ? ForeignContextLayout.FP_ANSWER : ForeignContextLayout.ANSWER;
    return kind.box(fields.get(ValueLayout.JAVA_LONG, offset), layout);
  }

  /** {@return what it is doing} Any thread may ask. */
  public State state() {
    return stateOf(status);
  }

  private static State stateOf(long status) {
    if (status == NEW) {
      return State.NEW;
    }
    if (status == RUNNING) {
      return State.RUNNING;
    }
    if (status == DONE) {
      return State.DONE;
    }
    return status == CLOSED || status == HALF_CLOSED ? State.CLOSED : State.SUSPENDED;
  }

  /** {@return whether the last function that was started has returned} Any thread may ask. */
  public boolean isDone() {
    return status == DONE;
  }

  /** {@return the size of the stack in bytes, as rounded up} */
  public long stackSize() {
    return context.stackBytes();
  }

  /** The lowest address of the stack, below which is the guard. */
  long stackLimit() {
    return context.stackLimit();
  }

  /**
   * Gives the stack and the callbacks back; what a suspended function has on it is dropped, not
   * unwound. Does nothing if it is closed already.
   *
   * @throws IllegalStateException if it is running, or one of its pointers is just being passed to
   *     a downcall by another thread
   * @throws WrongThreadException if it belongs to another thread
   */
  @Override
  public void close() {
    checkThread();
    if (status == CLOSED) {
      return;
    }
    long after =
        status == HALF_CLOSED && STATUS.compareAndSet(this, HALF_CLOSED, RUNNING)
            ? HALF_CLOSED
            : claim("be closed", /* whereSuspended= */ true);
    try {
      if (arena.scope().isAlive()) {
        arena.close();
      }
      after = HALF_CLOSED;
      yielder = null;
      arguments = null;
      for (ForeignCallback callback = callbacks; callback != null; callback = callbacks) {
        Thunks.unbind(callback.slot());
        callbacks = callback.next;
        Thunks.give(callback.slot());
      }
      after = CLOSED; // a stack must not be given back twice: rather not at all
      context.free();
    } finally {
      status = after; // not by a call, which could fail as well
    }
  }

  // ---- for the callbacks ---------------------------------------------------------------------

  /** A register of a callback's pending call. */
  long read(ForeignCallback callback, int offset) {
    checkPending(callback);
    return owner != null
        ? context.read(offset) // nobody else can close it
        : fields.get(ValueLayout.JAVA_LONG, offset);
  }

  void answer(ForeignCallback callback, long register) {
    answer(callback, ForeignContextLayout.ANSWER, register);
  }

  void answerFloatingPoint(ForeignCallback callback, long register) {
    answer(callback, ForeignContextLayout.FP_ANSWER, register);
  }

  private void answer(ForeignCallback callback, int offset, long register) {
    checkPending(callback);
    if (owner != null) {
      context.write(offset, register);
    } else {
      fields.set(ValueLayout.JAVA_LONG, offset, register);
    }
    answered = true;
  }

  private void checkPending(ForeignCallback callback) {
    checkThread();
    if ((long) STATUS.get(this) != callback.event() && pendingEvent() != callback.event()) {
      throw new IllegalStateException("C code isn't waiting in " + callback + " of " + this);
    }
  }

  // ---- claiming ------------------------------------------------------------------------------

  private void checkThread() {
    if (owner != null && owner != Thread.currentThread()) {
      throw new WrongThreadException(
          this + " belongs to " + owner + ", not to " + Thread.currentThread());
    }
  }

  /** For a resume; returns the status before. */
  private long claim() {
    if (owner == null) {
      return claim("be resumed", /* whereSuspended= */ true, /* elsewhere= */ false);
    }
    checkThread();
    long now = (long) STATUS.get(this);
    if (!isSuspended(now)) {
      throw refused("be resumed", now);
    }
    STATUS.setOpaque(this, RUNNING); // nobody else may claim it: for those that ask for its state
    return now;
  }

  private long claim(String what, boolean whereSuspended) {
    checkThread();
    return claim(what, whereSuspended, /* elsewhere= */ true);
  }

  private long claim(String what, boolean whereSuspended, boolean elsewhere) {
    while (true) {
      long now = status;
      boolean allowed =
          isSuspended(now) ? whereSuspended : elsewhere && (now == NEW || now == DONE);
      if (!allowed) {
        throw refused(what, now);
      }
      if (STATUS.compareAndSet(this, now, RUNNING)) {
        return now;
      }
    }
  }

  private static boolean isSuspended(long status) {
    return status > 0 || status == STARTED || status == UNNOTICED;
  }

  private void publish(long after) {
    STATUS.setRelease(this, after);
  }

  private IllegalStateException refused(String what, long now) {
    String why =
        switch (stateOf(now)) {
          case NEW -> "no function was started in it";
          case SUSPENDED -> "a function is suspended in it";
          case RUNNING -> "it is running";
          case DONE -> "its function has returned";
          case CLOSED -> "it is closed";
        };
    return new IllegalStateException(this + " can't " + what + ": " + why);
  }

  /** {@return its state, and where its stack is} */
  @Override
  public String toString() {
    return "foreign coroutine 0x" + Long.toHexString(context.address()) + " (" + state() + ")";
  }

  /** Chooses what a foreign coroutine is like. */
  public static final class Builder {
    private long stackBytes = DEFAULT_STACK_BYTES;
    private boolean shared;
    private boolean critical;

    private Builder() {}

    /**
     * Chooses the size of the stack. Only what is touched of it takes memory.
     *
     * @param bytes at least room for a signal's frame (some 20 KiB), at most 1 GiB; rounded up to
     *     whole pages. Without a choice it is 256 KiB
     * @return this builder
     * @throws IllegalArgumentException if it is out of this range
     */
    public Builder stackSize(long bytes) {
      long least = ForeignContext.leastStackBytes();
      if (bytes < least || bytes > MOST_STACK_BYTES) {
        throw new IllegalArgumentException(
            "a stack's size must be from %d (a signal's frame must fit in) to %d bytes (1 GiB): %d"
                .formatted(least, MOST_STACK_BYTES, bytes));
      }
      this.stackBytes = bytes;
      return this;
    }

    /**
     * Makes it one that any thread may resume, one at a time; without this it is confined to the
     * thread that calls {@link #build}.
     *
     * @return this builder
     */
    public Builder shared() {
      this.shared = true;
      return this;
    }

    /**
     * Promises that C code comes to its next callback, or its end, within microseconds, and never
     * blocks: resumes are critical downcalls then.
     *
     * @return this builder
     */
    public Builder critical() {
      this.critical = true;
      return this;
    }

    /**
     * {@return a new foreign coroutine}
     *
     * @throws ForeignCoroutineLimitException if there is no memory for its stack
     */
    public ForeignCoroutine build() {
      return new ForeignCoroutine(this);
    }
  }
}
