package dev.stackful.internal.engine;

/** The platform thread of a stack that takes turns with its resumers. */
final class HandoffThread extends StackThread {
  private final ThreadStack stack;

  HandoffThread(ThreadStack stack, String name, long stackSizeBytes) {
    super(null, name, stackSizeBytes);
    this.stack = stack;
  }

  @Override
  ThreadStack stack() {
    return stack;
  }

  @Override
  public void run() {
    stack.run();
  }
}
