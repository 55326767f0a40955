package dev.stackful.internal.engine;

import dev.stackful.internal.context.ContextSwitch;
import dev.stackful.internal.os.LibC;
import org.jspecify.annotations.Nullable;

/**
 * A real switch to another stack and back, before anybody relies on one; and a few hundred more:
 * the JVM links a method handle at its first use and specialises it at the 127th or so
 * (java.lang.invoke.Invokers.checkCustomized). Both need memory and stack, and here their failure
 * is no more than a check that failed.
 */
final class SelfTest {
  private static final int ROUNDS = 3;
  private static final int WARM_UP_ROUNDS = 200;

  private SelfTest() {}

  /** What runs on the other stack: looks around, and comes back after each look. */
  private static final class Probe implements StackTask {
    private @Nullable NativeStack stack;
    private long threadPointer;
    private long threadPointerAfterYield;
    private boolean begun;
    private boolean ended;

    @Override
    public String name() {
      return "the self-test";
    }

    @Override
    public void run() {
      if (begun) {
        return; // it has thrown, which its user sees by what is missing
      }
      begun = true;
      for (int i = 0; i < ROUNDS; i++) {
        threadPointer = ContextSwitch.threadPointer();
        LibC.schedYield(); // the kernel switches tasks, and must bring our thread pointer back
        threadPointerAfterYield = ContextSwitch.threadPointer();
        stack.leave();
      }
      for (int i = 0; i < 2 * WARM_UP_ROUNDS; i++) {
        stack.leave();
      }
      ended = true;
    }

    @Override
    public boolean isDone() {
      return ended;
    }

    @Override
    public boolean tryHold() {
      return false;
    }

    @Override
    public void unhold() {}
  }

  /**
   * Runs it.
   *
   * @return what was seen
   * @throws IllegalStateException if something is not as it must be
   */
  static String run() {
    Probe probe = new Probe();
    NativeStack stack =
        (NativeStack)
            NativeEngine.instance()
                .take(new StackRequest("stackful-self-test", 0, /* fresh= */ false), probe);
    probe.stack = stack;
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
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      stack.enter();
      stack.forgetRoot();
      stack.enter();
    }
    stack.enter();
    if (!probe.ended) {
      throw new IllegalStateException("the task on the other stack did not end");
    }
    stack.release(probe);
    return "switched there and back " + (ROUNDS + 2 * WARM_UP_ROUNDS + 1) + " times";
  }
}
