package dev.stackful.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * A stack with a thread of its own that runs only while somebody has entered it.
 *
 * <p>Whoever calls {@link #enter}, {@link #release} or anything else that isn't marked for the
 * stack's own thread holds the claim on the coroutine that the stack serves: one atomic operation
 * in the coroutine's state decides that. So the fields here are plain; they travel from claim to
 * claim with the coroutine's state, and between the two sides of a switch in program order.
 */
public abstract sealed class CoroutineStack permits NativeStack, ThreadStack {
  /**
   * What the next {@link #enter} starts. Set without a call, which could fail, once all is ready.
   */
  @Nullable StackTask task;

  /**
   * Whether the caller is the one to give the stack back after its task has ended. No atomic
   * operation, as nobody else may try until the caller has said that the task is done.
   */
  final boolean unassign(StackTask ended) {
    if (task != ended) {
      return false;
    }
    task = null;
    return true;
  }

  /** What runs on this stack now, or is suspended on it. Racy from a thread without the claim. */
  public final @Nullable StackTask task() {
    return task;
  }

  /** Whether the calling thread is this stack's and runs {@code task}. */
  public final boolean isRunning(StackTask task) {
    return this.task == task && Thread.currentThread() == thread();
  }

  /** The task that the calling thread runs, if it is a coroutine's thread. */
  public static @Nullable StackTask currentTask() {
    Thread current = Thread.currentThread();
    if (current instanceof StackThread thread) {
      return thread.stack().task();
    }
    return current.isVirtual() ? ThreadStack.taskOfVirtual(current) : null;
  }

  /**
   * Runs the stack's thread, in the calling thread's place, until it, or one that it transfers to,
   * leaves or its task ends.
   */
  public abstract void enter();

  /**
   * Called on the stack's own thread: goes back to the thread that entered, until the next {@link
   * #enter}.
   */
  public abstract void leave();

  /**
   * Called on the stack's own thread: {@code target}, which the caller has claimed, goes on in its
   * place, and will come back to the thread that entered this one. Returns after the next {@link
   * #enter}.
   *
   * @param target a stack of the same engine
   */
  public abstract void transferTo(CoroutineStack target);

  /**
   * Called on the stack's own thread, whose task has ended: makes the thread look like a new one
   * for another task, if it can.
   *
   * @param loader the context class loader that it is to have
   */
  public boolean canServeAnother(@Nullable ClassLoader loader) {
    return false;
  }

  /** Called then: another task begins here, in place of the one that has ended. */
  public final void serve(StackTask next) {
    task = next;
  }

  /**
   * Called on the stack's own thread, whose task has ended: makes ready that {@code target}, which
   * the caller has claimed, goes on in its place, if that can be.
   */
  public boolean canEndBy(CoroutineStack target) {
    return false;
  }

  /**
   * Called when the task has ended: the stack is not to serve another, as its thread isn't clean.
   */
  public void spoil() {}

  /**
   * Has the thread bear a name that it wasn't given at first. The caller holds the claim on the
   * suspended task.
   */
  public void nameThread(String name) {}

  /** The thread whose stack this is. */
  public abstract Thread thread();

  /**
   * Called when the task has ended, and before {@link StackTask#isDone} says so: the stack may
   * serve another. Never throws, as the task's result is still to be delivered; a stack that can't
   * be given back now is found later, once the task is done.
   */
  public abstract void release(StackTask ended);
}
