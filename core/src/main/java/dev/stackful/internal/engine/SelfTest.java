package dev.stackful.internal.engine;

import dev.stackful.internal.context.ContextSwitch;
import dev.stackful.internal.os.LibC;

/** A real switch to another stack and back, before anybody relies on one. */
final class SelfTest {
  private static final int ROUNDS = 3;

  private SelfTest() {}

  /** What runs on the other stack: looks around, and comes back after each look. */
  private static final class Probe implements StackTask {
    private final CoroutineStack stack;
    private long threadPointer;
    private long threadPointerAfterYield;
    private boolean ended;

    Probe(CoroutineStack stack) {
      this.stack = stack;
    }

    @Override
    public void run() {
      for (int i = 0; i < ROUNDS; i++) {
        threadPointer = ContextSwitch.threadPointer();
        LibC.schedYield(); // the kernel switches tasks, and must bring our thread pointer back
        threadPointerAfterYield = ContextSwitch.threadPointer();
        stack.leave();
      }
      ended = true;
    }

    @Override
    public boolean tryClaim() {
      return false;
    }

    @Override
    public void unclaim() {}
  }

  /**
   * Runs it.
   *
   * @return what was seen
   * @throws IllegalStateException if something is not as it must be
   */
  static String run() {
    CoroutineStack stack =
        NativeEngine.instance().take(new StackRequest("stackful-self-test", 0, /* fresh= */ false));
    Probe probe = new Probe(stack);
    stack.assign(probe);
    long ours = ContextSwitch.threadPointer();
    long theirs = 0;
    for (int i = 0; i < ROUNDS; i++) {
      stack.enter();
      if (ContextSwitch.threadPointer() != ours) {
        throw new IllegalStateException("the thread pointer did not come back after a switch");
      }
      if (probe.threadPointer == ours || (theirs != 0 && probe.threadPointer != theirs)) {
        throw new IllegalStateException("the thread pointer did not move with the stack");
      }
      theirs = probe.threadPointer;
      if (probe.threadPointerAfterYield != theirs) {
        throw new IllegalStateException("the thread pointer did not survive sched_yield");
      }
    }
    stack.enter();
    if (!probe.ended) {
      throw new IllegalStateException("the task on the other stack did not end");
    }
    stack.release();
    return "switched there and back " + (ROUNDS + 1) + " times";
  }
}
