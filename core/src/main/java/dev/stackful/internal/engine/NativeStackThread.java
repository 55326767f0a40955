package dev.stackful.internal.engine;

/**
 * The thread of a native stack. A class of its own so that a switch finds the calling coroutine's
 * context by one field, without a thread-local.
 */
final class NativeStackThread extends Thread {
  /** Above all groups of the application: a pooled thread outlives who first used it. */
  private static final ThreadGroup GROUP = new ThreadGroup(root(), "stackful");

  private final NativeStack stack;

  @SuppressWarnings("ThreadPriorityCheck") // not that of who happens to make it
  NativeStackThread(NativeStack stack, String name, long stackSizeBytes) {
    // No inheritable thread-locals: the thread will serve others than the one who made it.
    super(GROUP, null, name, stackSizeBytes, false);
    this.stack = stack;
    setDaemon(true);
    setPriority(NORM_PRIORITY);
  }

  private static ThreadGroup root() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  NativeStack stack() {
    return stack;
  }

  @Override
  public void run() {
    stack.runTasks();
  }
}
