package dev.stackful.internal.engine;

import dev.stackful.internal.context.ContextSwitch;
import dev.stackful.internal.context.StackContext;
import dev.stackful.internal.os.RestartableSequence;
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
 */
final class NativeStack extends CoroutineStack {
  /** No thread has this id (Thread.threadId is positive). */
  private static final long NOBODY = 0;

  private final NativeStackPool pool;
  private final StackContext context;
  private final long own;
  private final long root;
  private final NativeStackThread thread;
  private final String idleName;

  /** The platform thread that the root context describes. */
  private long rootThreadId = NOBODY;

  /** The context of who entered. */
  private long returnTo;

  /** Why the thread never parked. Written before, and read after, the context says so. */
  private @Nullable Throwable startFailure;

  private boolean fresh;
  private boolean retired;
  private @Nullable Handoff detached;

  private NativeStack(NativeStackPool pool, StackContext context, long number) {
    this.pool = pool;
    this.context = context;
    this.own = context.address();
    this.root = context.rootAddress();
    this.idleName = "stackful-idle-" + number;
    this.thread = new NativeStackThread(this, idleName, pool.stackSizeBytes());
  }

  /**
   * Starts a stack, and returns when it can be entered.
   *
   * @throws StackLimitException if the machine allows no more
   */
  static NativeStack start(NativeStackPool pool, long number) {
    StackLimits.check();
    StackContext context = StackContext.allocate();
    NativeStack stack = new NativeStack(pool, context, number);
    try {
      stack.thread.start();
    } catch (OutOfMemoryError e) {
      context.free();
      throw StackLimits.reached(e);
    }
    if (!context.awaitParked()) {
      context.free();
      throw new IllegalStateException("a new stack's thread failed", stack.startFailure);
    }
    return stack;
  }

  /** The whole life of the stack's thread. */
  void runTasks() {
    try {
      RestartableSequence.unregister(ContextSwitch.threadPointer());
    } catch (Throwable t) {
      startFailure = t;
      context.cannotPark();
      return;
    }
    context.park();
    while (!retired) {
      runTask();
      resetThread();
      if (detached != null) {
        detached.end();
        break;
      }
      ContextSwitch.switchContext(own, returnTo);
    }
    pool.ended(this);
    context.free();
  }

  /**
   * A frame of its own, which is gone while the stack is idle: the interpreter's frames keep alive
   * what their locals hold, used or not, and this one holds the task and so all of its body.
   */
  private void runTask() {
    StackTask task = task();
    if (task != null) {
      task.run();
    }
  }

  /** What a task may have left on the thread that the next one must not find there. */
  @SuppressWarnings("ThreadPriorityCheck") // puts back, relies on nothing
  private void resetThread() {
    Thread.interrupted();
    ClassLoader system = ClassLoader.getSystemClassLoader();
    if (thread.getContextClassLoader() != system) {
      thread.setContextClassLoader(system);
    }
    if (thread.getPriority() != Thread.NORM_PRIORITY) {
      thread.setPriority(Thread.NORM_PRIORITY);
    }
  }

  @Override
  public CoroutineStack enter() {
    if (detached != null) {
      return detached.enter();
    }
    Thread caller = Thread.currentThread();
    long cameBack;
    if (caller instanceof NativeStackThread coroutine) {
      returnTo = coroutine.stack().own;
      cameBack = ContextSwitch.switchContext(returnTo, own);
    } else if (caller.threadId() == rootThreadId) {
      returnTo = root;
      cameBack = ContextSwitch.switchContext(root, own);
    } else {
      cameBack = enterFromNewThread(caller);
    }
    return cameBack == own ? this : pool.stackIn(cameBack);
  }

  private long enterFromNewThread(Thread caller) {
    // Until the switch has happened, nobody may believe what the root context says: a stack
    // overflow can end this method before or after.
    rootThreadId = NOBODY;
    returnTo = root;
    long cameBack = ContextSwitch.switchFromNewThread(root, own);
    // If another stack came back, this one may be running for somebody else by now.
    if (cameBack == own && !caller.isVirtual()) {
      rootThreadId = caller.threadId();
    }
    return cameBack;
  }

  @Override
  public void leave() {
    if (detached != null) {
      detached.leave();
      return;
    }
    ContextSwitch.switchContext(own, returnTo);
    if (detached != null) {
      detached.awaitTurn();
    }
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
    if (returnTo == root) {
      // Who waits for us will wait for the other: our root context may be used again meanwhile.
      context.moveRootTo(other.context);
      other.rootThreadId = rootThreadId;
      other.returnTo = other.root;
    } else {
      other.returnTo = returnTo;
    }
    ContextSwitch.switchContext(own, other.own);
    if (detached != null) {
      detached.awaitTurn();
    }
  }

  @Override
  public Thread thread() {
    return thread;
  }

  /**
   * Makes the thread look like one that the caller has just made: its name and context class
   * loader. Never called on the stack's own thread, where setName would rename the kernel thread
   * that happens to run it.
   *
   * @param serveOnce whether the thread ends with its next task
   */
  void prepare(String name, boolean serveOnce) {
    fresh = serveOnce;
    thread.setName(name);
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (thread.getContextClassLoader() != loader) {
      thread.setContextClassLoader(loader);
    }
  }

  @Override
  public void release() {
    unassign();
    if (detached != null) {
      return; // the thread ends by itself
    }
    if (fresh) {
      retire();
      return;
    }
    thread.setName(idleName);
    pool.give(this);
  }

  /** Where it is suspended: the key by which who comes back is found. */
  long contextAddress() {
    return own;
  }

  /** Ends the thread of an idle stack. The caller has taken it from the pool. */
  void retire() {
    retired = true;
    context.wake();
  }

  /**
   * Lets the kernel thread of a suspended stack go on with it, up to where it waits in Java for its
   * next turn. Does nothing where the coroutine is running.
   */
  void detach() {
    StackTask suspended = task();
    if (suspended == null || !suspended.tryClaim()) {
      return;
    }
    if (task() == suspended && detached == null) {
      detached = new Handoff(this);
      context.wake();
    }
    suspended.unclaim();
  }
}
