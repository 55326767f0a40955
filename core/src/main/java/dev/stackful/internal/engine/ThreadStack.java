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

  ThreadStack(Thread.Builder builder, String threadName) {
    this.thread = builder.name(threadName).unstarted(this::run);
  }

  static @Nullable StackTask taskOf(Thread thread) {
    ThreadStack stack = STARTED.get(thread);
    return stack == null ? null : stack.task();
  }

  private void run() {
    handoff.awaitTurn();
    StackTask task = task();
    if (task != null) {
      task.run();
    }
    STARTED.remove(thread);
    handoff.end();
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
    STARTED.put(thread, this);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      STARTED.remove(thread);
      throw StackLimits.reached(e);
    }
    started = true;
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
  public void release() {
    unassign();
  }
}
