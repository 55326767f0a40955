package dev.stackful.internal.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A stack whose thread runs on its own: a platform or a virtual thread that takes turns. */
final class ThreadStack extends CoroutineStack {
  /**
   * Every started stack whose task hasn't ended, by its thread. It answers which coroutine the
   * current thread is, and keeps a suspended virtual thread reachable, so that its finally blocks
   * will run, even where the JVM was told not to track virtual threads.
   */
  private static final Map<Thread, ThreadStack> STARTED = new ConcurrentHashMap<>();

  private final Handoff handoff = new Handoff(this);
  private final Thread thread;
  private boolean started;
  private boolean running;

  ThreadStack(Thread.Builder builder, String threadName) {
    this.thread = builder.name(threadName).unstarted(this::run);
  }

  static @Nullable StackTask taskOf(Thread thread) {
    ThreadStack stack = STARTED.get(thread);
    return stack == null ? null : stack.task();
  }

  private void run() {
    if (Thread.currentThread() != thread || running) {
      return; // not the JVM's own call: the body would run twice at once
    }
    running = true;
    handoff.awaitTurn();
    runTask();
    STARTED.remove(thread);
    handoff.end();
  }

  private void runTask() {
    StackTask task = task();
    if (task != null) {
      task.run();
    }
  }

  @Override
  public CoroutineStack enter() {
    startOnce();
    return handoff.enter();
  }

  private void startOnce() {
    if (started) {
      return;
    }
    Headroom.ensure(); // a stack overflow inside the scheduler's submit would leave its lock held
    STARTED.put(thread, this);
    try {
      thread.start();
      started = true;
    } catch (OutOfMemoryError e) {
      throw StackLimits.reached(e);
    } finally {
      if (!started) {
        STARTED.remove(thread);
      }
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
