package dev.stackful.internal.engine;

import dev.stackful.internal.context.ContextSwitch;
import dev.stackful.internal.context.StackContext;
import dev.stackful.internal.os.RestartableSequence;
import dev.stackful.internal.os.SystemCallException;
import org.jspecify.annotations.Nullable;

/**
 * A stack whose thread has left it: the kernel thread sleeps on its parking stack, and whoever
 * enters runs the stack on its own kernel thread, by one context switch.
 *
 * <p>A root context belongs to the stack, not to the thread that waits in it. A thread can only
 * wait for one stack at a time, so nothing is looked up by thread; all that has to be known is
 * whether the thread is the one that used the context last, in which case its kernel thread id and
 * thread pointer stand there already.
 *
 * <p>When the JVM exits, a suspended stack is <em>detached</em>: its own kernel thread is woken,
 * goes on with it, and waits in Java. From then on entering it is a handoff between threads, so
 * that a shutdown hook can still close a generator.
 *
 * <h2>Errors in the middle</h2>
 *
 * Any call can end in a StackOverflowError or an OutOfMemoryError, a downcall too, before it has
 * begun. So between a switch and the use of what it returned nothing is called that could throw,
 * and the thread's own loop never lets anything out: {@code run} must not return on another kernel
 * thread than the stack's own, as that would end the kernel thread that runs it.
 */
final class NativeStack extends CoroutineStack {
  /** No thread has this id (Thread.threadId is positive). */
  private static final long NOBODY = 0;

  /**
   * The system's class loader, kept as each question takes several loads; null as long as there is
   * none. One that a program names by {@code java.system.class.loader} may use coroutines in its
   * constructor.
   */
  private static @Nullable ClassLoader systemLoader;

  private static final ThreadGroup GROUP = LibraryThreads.group();

  /** No context is here. */
  private static final long NOWHERE = 0;

  private final NativeStackPool pool;
  private final StackContext context;
  private final long own;
  private final long root;
  private final int index;
  private final NativeStackThread thread;
  private final String standingName;
  private final StackTop top;

  /** At this address and above it, the stack has headroom. */
  private long headroomFrom;

  /** The platform thread that the root context describes. */
  private long rootThreadId = NOBODY;

  /** The context of the thread that entered. */
  private long returnTo;

  /** Why the thread never parked. Written before, and read after, the context says so. */
  private @Nullable Throwable startFailure;

  /** Whether there is no kernel thread to be woken. */
  private boolean neverParked;

  private boolean fresh;

  /** Whether nothing is left of its last task. */
  private boolean clean;

  private boolean retired;
  private @Nullable Handoff detached;

  /** While it is idle: the index of the next one in its pool's list, or 0. Its pool's alone. */
  int below;

  /** While it is idle: how many there are from it to the list's end. */
  int depth;

  /**
   * No coroutine has it and no list knows it, as giving it back failed: the janitor ends its
   * thread.
   */
  volatile boolean orphaned;

  NativeStack(NativeStackPool pool, StackContext context, int index) {
    this.pool = pool;
    this.context = context;
    this.own = context.address();
    this.root = context.rootAddress();
    this.index = index;
    this.standingName = "stackful-" + index;
    this.thread = new NativeStackThread(this, standingName, pool.stackSizeBytes());
    this.top = new StackTop(pool.stackSizeBytes());
  }

  /**
   * Starts the stack's thread.
   *
   * @throws StackLimitException if the machine allows no more threads
   */
  void start() {
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      throw StackLimits.reached(e);
    }
  }

  /**
   * Returns when the thread has left the stack, so that it can be entered.
   *
   * @throws IllegalStateException if it has failed before that; the janitor takes the stack away
   */
  void awaitStart() {
    if (!context.awaitParked(thread)) {
      neverParked = true;
      orphaned = true;
      throw new IllegalStateException("a new stack's thread failed: " + startFailure, startFailure);
    }
    long loop = context.stackPointer();
    top.parked(loop);
    // What the C library has taken above the loop is not known, but less than a half.
    headroomFrom = loop - Math.max(0, pool.stackSizeBytes() / 2 - Headroom.BYTES);
  }

  /** Called on its own thread: whether it is known to have room, without trying it. */
  boolean hasHeadroom() {
    return ContextSwitch.stackPointer() > headroomFrom;
  }

  /** The whole life of the stack's thread. */
  void runTasks() {
    boolean parked = false;
    try {
      RestartableSequence.unregister(ContextSwitch.threadPointer());
      context.park();
      parked = true;
    } catch (SystemCallException | Error e) {
      startFailure = e;
    }
    if (!parked) {
      context.cannotPark();
      return;
    }
    while (!retired) {
      boolean hasBaton = detached == null;
      boolean ran = false;
      while (!ran) {
        try {
          if (!hasBaton) {
            detached.awaitBaton(); // its task was never begun: whoever resumes it begins it
            hasBaton = true;
          }
          runTask();
          ran = true;
        } catch (Throwable t) {
          // the call itself has failed, and whoever entered waits for what comes of the task
        }
      }
      long next = NOWHERE;
      try {
        next = successor();
        if (next != own) {
          resetThread();
        }
        top.taskEnded();
      } catch (Throwable t) {
        // without a successor, or without a clean thread, whoever entered goes on
      }
      boolean left = next == own;
      while (!left) {
        try {
          if (detached == null) {
            ContextSwitch.switchContext(own, next == NOWHERE ? returnTo : next);
          } else {
            detached.end();
            retired = true;
          }
          left = true;
        } catch (Throwable t) {
          // no memory for the call; but the resumer must have its kernel thread, or the baton, back
        }
      }
    }
    pool.ended(this);
    context.free();
  }

  /** A method of its own, so that an idle stack's frames don't keep its last task alive. */
  private void runTask() {
    StackTask task = task();
    if (task != null) {
      task.run();
    }
  }

  /** The context that goes on in place of the task that has ended, if one does. */
  private long successor() {
    StackTask ended = task();
    if (ended == null || detached != null) {
      return NOWHERE;
    }
    CoroutineStack next = ended.successor();
    return next == null ? NOWHERE : ((NativeStack) next).own;
  }

  /** Puts back what a task may have changed on the thread, so that the next doesn't find it. */
  @SuppressWarnings("ThreadPriorityCheck") // puts back, relies on nothing
  private void resetThread() {
    Thread.interrupted();
    ClassLoader lasting = systemLoader == null ? findSystemLoader() : systemLoader;
    if (thread.getContextClassLoader() != lasting) {
      thread.setContextClassLoader(lasting);
    }
    if (thread.getPriority() != Thread.NORM_PRIORITY) {
      thread.setPriority(Thread.NORM_PRIORITY);
    }
    if (thread.getUncaughtExceptionHandler() != GROUP) { // a fence, else
      thread.setUncaughtExceptionHandler(null);
    }
    if (!fresh) {
      ThreadLocalMaps.erase(thread);
    }
    clean = true;
  }

  /** One that no idle stack could keep from being unloaded. */
  private static ClassLoader findSystemLoader() {
    try {
      ClassLoader found = ClassLoader.getSystemClassLoader();
      systemLoader = found;
      return found;
    } catch (IllegalStateException e) { // it is being made
      return ClassLoader.getPlatformClassLoader();
    }
  }

  @Override
  public void enter() {
    Handoff handoff = detached;
    if (handoff != null) {
      handoff.enter();
      return;
    }
    Thread caller = Thread.currentThread();
    if (caller instanceof NativeStackThread coroutine) {
      long from = coroutine.stack().own;
      returnTo = from;
      ContextSwitch.switchContext(from, own);
    } else {
      long callerId = caller.threadId();
      returnTo = root;
      if (callerId == rootThreadId) {
        ContextSwitch.switchContext(root, own);
      } else {
        boolean platform = !caller.isVirtual();
        // Until the switch has happened, what the root context says must not be trusted.
        rootThreadId = NOBODY;
        long cameBack = ContextSwitch.switchFromNewThread(root, own);
        // If another stack came back, this one may be running for somebody else by now.
        if (platform && cameBack == index) {
          rootThreadId = callerId;
        }
      }
    }
  }

  @Override
  public void leave() {
    Handoff handoff = detached;
    if (handoff != null) {
      handoff.leave();
      return;
    }
    switchTo(returnTo);
  }

  @Override
  public void transferTo(CoroutineStack target) {
    NativeStack other = (NativeStack) target;
    if (detached != null && other.detached != null) {
      detached.transferTo(other.detached);
      return;
    }
    if (detached != null || other.detached != null) {
      throw new IllegalStateException("the JVM is exiting: no transfer to a stack suspended since");
    }
    handResumerTo(other);
    switchTo(other.own);
  }

  /** Returns when this stack goes on: at once where it was entered, or once it has the baton. */
  private void switchTo(long to) {
    boolean waits;
    try {
      ContextSwitch.switchContext(own, to);
      waits = detached != null;
    } catch (Throwable t) {
      if (detached == null) {
        throw t;
      }
      waits = true; // its own kernel thread has gone on with it
    }
    while (waits) {
      try {
        detached.awaitBaton();
        waits = false;
      } catch (Throwable t) {
        // no stack for it: never without the baton
      }
    }
  }

  /** Whoever waits for this one will wait for the other. */
  private void handResumerTo(NativeStack other) {
    if (returnTo == root) {
      // The thread that waits for us will wait for the other: our root may be used again meanwhile.
      other.rootThreadId = NOBODY;
      StackContext.moveRoot(root, other.root);
      other.rootThreadId = rootThreadId;
      other.returnTo = other.root;
    } else {
      other.returnTo = returnTo;
    }
  }

  @Override
  public boolean canEndBy(CoroutineStack target) {
    NativeStack other = (NativeStack) target;
    if (other.detached != null) {
      return false;
    }
    handResumerTo(other);
    return true;
  }

  /** Not where it bears a name: its own thread can't take that off. */
  @Override
  @SuppressWarnings("ReferenceEquality")
  public boolean canServeAnother(@Nullable ClassLoader loader) {
    if (fresh || thread.getName() != standingName) {
      return false;
    }
    resetThread();
    clean = false;
    if (thread.getContextClassLoader() != loader) {
      thread.setContextClassLoader(loader);
    }
    return true;
  }

  @Override
  public void spoil() {
    clean = false;
  }

  @Override
  public Thread thread() {
    return thread;
  }

  /** Its place in the directory of stacks, which a switch out of it returns. */
  int index() {
    return index;
  }

  /**
   * Makes the thread look like one that the caller has just made: its name and context class
   * loader. Never called on the stack's own thread, where setName would rename the kernel thread
   * that happens to run it.
   *
   * @param name null for the stack's own: a call of setName takes longer than a switch
   * @param serveOnce whether the thread ends with its next task
   */
  void prepare(@Nullable String name, @Nullable ClassLoader loader, boolean serveOnce) {
    fresh = serveOnce;
    clean = false;
    nameThread(name == null ? standingName : name);
    if (thread.getContextClassLoader() != loader) {
      thread.setContextClassLoader(loader);
    }
  }

  /** The same text in another object is another name here, which does no harm. */
  @Override
  @SuppressWarnings("ReferenceEquality")
  public void nameThread(String name) {
    if (thread.getName() != name) {
      thread.setName(name);
    }
  }

  @Override
  public void release(StackTask ended) {
    try {
      if (unassign(ended) && detached == null) { // a detached stack's thread ends by itself
        giveBack();
      }
    } catch (Throwable t) {
      orphaned = true;
    }
  }

  /** Puts an idle stack into its pool, or ends its thread. */
  void giveBack() {
    if (fresh || !clean) {
      retire();
    } else {
      nameThread(standingName);
      pool.give(this);
    }
  }

  /**
   * Gives back a stack whose task has ended but whose {@link #release} failed, if it is one. Not
   * before the task says that it is done, though the stack is orphaned: until then it is its
   * resumer's.
   */
  void adoptOrphan() {
    StackTask task = task();
    if (task != null && task.isDone()) {
      adoptFrom(task);
    } else if (orphaned && task() == null) { // read again, as it may have got one before that
      orphaned = false;
      try {
        retire();
      } catch (Throwable t) {
        orphaned = true;
        throw t;
      }
    }
  }

  private void adoptFrom(StackTask ended) {
    try {
      if (unassign(ended)) { // else it is another's, and so is what is said of it
        orphaned = false;
        if (detached == null) {
          giveBack();
        }
      }
    } catch (Throwable t) {
      orphaned = true;
    }
  }

  /** Ends the thread of an idle stack. The caller has taken it from the pool. */
  void retire() {
    retired = true;
    if (neverParked) { // nor will it give back what it has
      pool.ended(this);
      context.free(); // last: done twice, it would give two stacks one context
    } else {
      context.wake();
    }
  }

  /**
   * Lets the kernel thread of a suspended stack go on with it, up to where it waits in Java for the
   * baton. Does nothing where the coroutine is running.
   */
  void detach() {
    StackTask suspended = task();
    Handoff handoff = new Handoff(this, thread);
    if (suspended == null || !suspended.tryHold()) {
      return;
    }
    try {
      if (task() == suspended && detached == null) {
        detached = handoff;
        context.wake();
      }
    } finally {
      suspended.unhold();
    }
  }

  /** Frees what a stack that was not started has; if its thread parked all the same, nothing. */
  void discard() {
    if (!thread.isAlive()) {
      context.free();
    }
  }

  /** Makes the next entry behave as one by a thread that was not the last here. */
  void forgetRoot() {
    rootThreadId = NOBODY;
  }
}
