package dev.stackful.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stackful.Engine;
import dev.stackful.internal.context.StackContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the janitor does with a stack that could not be given back. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrphanedStackTest {
  /** No other test's: its pool has the stacks of this one alone. */
  private static final StackRequest REQUEST = new StackRequest(null, 7 * 64 * 1024, false);

  private static final class Task implements StackTask {
    private int runs;
    private boolean done;

    @Override
    public void run() {
      runs++;
    }

    @Override
    public String name() {
      return "task";
    }

    @Override
    public boolean isDone() {
      return done;
    }

    @Override
    public boolean tryHold() {
      return false;
    }

    @Override
    public void unhold() {}
  }

  @BeforeEach
  void onNative() {
    assumeTrue(Engine.NATIVE.isAvailable());
  }

  private static NativeStack run(Task task) {
    NativeStack stack = (NativeStack) NativeEngine.instance().take(REQUEST, task);
    stack.enter();
    assertEquals(1, task.runs);
    return stack;
  }

  @Test
  void whatIsGivenBackAfterAllServesAnotherAndIsLeftAloneThen() {
    Task ended = new Task();
    NativeStack stack = run(ended);
    stack.orphaned = true; // as where the call to give it back had failed before it began
    ended.done = true;
    stack.adoptOrphan();
    assertFalse(stack.orphaned);
    Task next = new Task();
    assertSame(stack, run(next));
    stack.adoptOrphan();
    stack.release(next);
    Task third = new Task();
    assertSame(stack, run(third));
    stack.release(third);
  }

  @Test
  void whatIsStillGivenBackByItsLastResumerIsLeftAlone() {
    Task ending = new Task();
    NativeStack stack = run(ending);
    stack.adoptOrphan();
    assertSame(ending, stack.task());
    stack.release(ending);
    Task next = new Task();
    assertSame(stack, run(next));
    ending.done = true;
    stack.adoptOrphan();
    assertSame(next, stack.task());
    stack.release(next);
  }

  @Test
  void whatIsStillItsTasksIsNotEndedThoughGivingItBackHasFailed() {
    Task ending = new Task();
    NativeStack stack = run(ending);
    stack.orphaned = true; // as where the stack overflowed in the first call to give it back
    stack.adoptOrphan();
    assertSame(ending, stack.task());
    ending.done = true;
    stack.adoptOrphan();
    assertFalse(stack.orphaned);
    Task next = new Task();
    assertSame(stack, run(next));
    stack.release(next);
  }

  @Test
  void whoseThreadHasNeverParkedGivesBackItsPlace() {
    NativeEngine engine = NativeEngine.instance();
    NativeStackPool pool = new NativeStackPool(engine, 64 * 1024);
    int index = engine.takeIndex();
    // not started: as where it has no memory for what comes before it parks
    NativeStack stack = new NativeStack(pool, StackContext.allocate(index), index);
    engine.enter(stack);
    pool.giveStarting(stack);
    assertNull(pool.pollStarting());
    stack.adoptOrphan();
    assertNotSame(stack, NativeEngine.stackAt(index));
  }
}
