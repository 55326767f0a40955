package dev.stackful.internal.engine;

/**
 * The thread of a native stack. A class of its own so that a switch finds the calling coroutine's
 * context by one field, without a thread-local.
 */
final class NativeStackThread extends Thread {
  private final NativeStack stack;
  private boolean running;

  @SuppressWarnings("ThreadPriorityCheck") // not that of who happens to make it
  NativeStackThread(NativeStack stack, String name, long stackSizeBytes) {
    // No inheritable thread-locals: the thread will serve others than the one who made it.
    super(LibraryThreads.group(), null, name, stackSizeBytes, false);
    this.stack = stack;
    setDaemon(true);
    setPriority(NORM_PRIORITY);
  }

  NativeStack stack() {
    return stack;
  }

  /** Does nothing but for the JVM's own call: on another thread, or twice, it would wreck both. */
  @Override
  public void run() {
    if (Thread.currentThread() == this && !running) {
      running = true;
      stack.runTasks();
    }
  }
}
