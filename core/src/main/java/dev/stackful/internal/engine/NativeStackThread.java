package dev.stackful.internal.engine;

/** The thread of a native stack. */
final class NativeStackThread extends StackThread {
  private final NativeStack stack;
  private boolean running;

  @SuppressWarnings("ThreadPriorityCheck") // not that of the thread that happens to make it
  NativeStackThread(NativeStack stack, String name, long stackSizeBytes) {
    super(LibraryThreads.group(), name, stackSizeBytes);
    this.stack = stack;
    setPriority(NORM_PRIORITY);
  }

  @Override
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
