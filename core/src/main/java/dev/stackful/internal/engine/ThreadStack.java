package dev.stackful.internal.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A stack whose platform or virtual thread runs on its own while it has the baton of a {@link
 * Handoff}.
 */
final class ThreadStack extends CoroutineStack {
  /**
   * Every started stack of a virtual thread whose task hasn't ended, by its thread. It answers
   * which coroutine the current thread is, and keeps a suspended virtual thread reachable, so that
   * its finally blocks will run, even where the JVM was told not to track virtual threads. A
   * platform thread needs neither: it knows its stack, and is alive while it runs.
   */
  private static final Map<Thread, ThreadStack> VIRTUAL = new ConcurrentHashMap<>();

  private static final Reclamation RECLAMATION = new Reclamation();

  private final Thread thread;
  private final Handoff handoff;
  private boolean started;
  private boolean running;

  private ThreadStack(String threadName, long stackSizeBytes) {
    this.thread = new HandoffThread(this, threadName, stackSizeBytes);
    this.handoff = new Handoff(this, thread);
  }

  private ThreadStack(Thread.Builder builder) {
    this.thread = builder.unstarted(this::run);
    this.handoff = new Handoff(this, thread);
  }

  static ThreadStack onPlatformThread(String threadName, long stackSizeBytes) {
    return new ThreadStack(threadName, stackSizeBytes);
  }

  static ThreadStack onVirtualThread(String threadName) {
    return new ThreadStack(
        Thread.ofVirtual().inheritInheritableThreadLocals(false).name(threadName));
  }

  static @Nullable StackTask taskOfVirtual(Thread thread) {
    ThreadStack stack = VIRTUAL.get(thread);
    return stack == null ? null : stack.task();
  }

  /**
   * Does nothing but for the JVM's own call: on another thread the body would run twice at once.
   */
  void run() {
    // What fails here is the call itself, and somebody waits for what each of them does.
    boolean hasBaton = false;
    while (!hasBaton) {
      try {
        if (Thread.currentThread() != thread || running) {
          return;
        }
        handoff.awaitBaton();
        running = true;
        hasBaton = true;
      } catch (Throwable t) {
        // never without the baton
      }
    }
    boolean ran = false;
    while (!ran) {
      try {
        runTask();
        ran = true;
      } catch (Throwable t) {
        // the task has not begun
      }
    }
    boolean passed = false;
    while (!passed) {
      try {
        forget();
        handoff.end();
        passed = true;
      } catch (Throwable t) {
        // the resumer must have the baton back
      }
    }
  }

  private void runTask() {
    StackTask task = task();
    if (task != null) {
      task.run();
    }
  }

  @Override
  public void enter() {
    startOnce();
    handoff.enter();
  }

  /**
   * Not before its first turn: it would wait for that, and a virtual thread would then have to wait
   * for a carrier twice.
   *
   * @throws StackLimitException if the machine allows no more threads
   */
  private void startOnce() {
    if (started) {
      return;
    }
    Headroom.ensure(); // a stack overflow inside the scheduler's submit would leave its lock held
    if (thread.isVirtual()) {
      VIRTUAL.put(thread, this);
    }
    try {
      startOrReclaim();
      started = true;
    } finally {
      if (!started) {
        forget();
      }
    }
  }

  private void startOrReclaim() {
    StackLimitException limit = tryStart();
    if (limit != null
        && (thread.isVirtual()
            || RECLAMATION.until(() -> tryStart() == null ? thread : null) == null)) {
      throw limit;
    }
  }

  /** Why it could not be started; null if it was. */
  private @Nullable StackLimitException tryStart() {
    try {
      thread.start();
      return null;
    } catch (OutOfMemoryError e) {
      return StackLimits.reached(e);
    }
  }

  private void forget() {
    if (thread.isVirtual()) {
      VIRTUAL.remove(thread);
    }
  }

  @Override
  public void leave() {
    handoff.leave();
  }

  @Override
  public void transferTo(CoroutineStack target) {
    ThreadStack other = (ThreadStack) target;
    other.startOnce();
    handoff.transferTo(other.handoff);
  }

  @Override
  public Thread thread() {
    return thread;
  }

  /** The thread ends with its task. */
  @Override
  public void release(StackTask ended) {
    unassign(ended);
  }
}
