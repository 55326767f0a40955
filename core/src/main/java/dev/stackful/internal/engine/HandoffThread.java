package dev.stackful.internal.engine;

/** The platform thread of a stack: it runs while it has the baton of a {@link Handoff}. */
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
