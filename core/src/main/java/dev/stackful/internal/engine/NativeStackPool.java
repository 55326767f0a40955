package dev.stackful.internal.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The idle stacks of one size.
 *
 * <p>Last in, first out, so that a hot loop of short coroutines uses one warm stack. The list needs
 * no lock, and no memory: a stack is its own node. It names stacks by their indexes, not by
 * references, for which a collector may want a fence at each write. So there is room in the same
 * word for a count of the stacks given back, by which the ABA problem is avoided. Each stack knows
 * its depth; the smallest depth seen between two trims is how many stacks were of no use in all
 * that time.
 */
final class NativeStackPool {
  private static final VarHandle TOP;

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(NativeStackPool.class, "top", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** More than Linux has threads (PID_MAX_LIMIT, 2^22). */
  private static final int INDEX_BITS = 24;

  private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

  private final NativeEngine engine;
  private final long stackSizeBytes;

  /** The index of the stack that was given back last, 0 if there is none; above it the count. */
  volatile long top;

  /** Whose threads were started ahead of need, and may not have left their stacks yet. */
  private final Queue<NativeStack> starting = new ConcurrentLinkedQueue<>();

  /** Racy by design: a lost minimum only delays a trim. */
  private int lowWater;

  NativeStackPool(NativeEngine engine, long stackSizeBytes) {
    this.engine = engine;
    this.stackSizeBytes = stackSizeBytes;
  }

  long stackSizeBytes() {
    return stackSizeBytes;
  }

  /** An idle stack, or null. */
  @Nullable NativeStack poll() {
    while (true) {
      long seen = top;
      if ((seen & INDEX_MASK) == 0) {
        return null;
      }
      NativeStack stack = take(seen);
      if (stack != null) {
        return stack;
      }
    }
  }

  /** The stack on top, unless one was taken or given back since {@code seen} stood there. */
  @Nullable NativeStack take(long seen) {
    long index = seen & INDEX_MASK;
    NativeStack stack = NativeEngine.stackAt((int) index);
    // Null where another thread has taken it, and its own has ended since.
    if (stack == null || !TOP.compareAndSet(this, seen, seen - index + stack.below)) {
      return null;
    }
    int left = stack.depth - 1;
    if (left < lowWater) {
      lowWater = left;
    }
    return stack;
  }

  /** A stack that was started ahead, once it can be entered; null if there is none. */
  @Nullable NativeStack pollStarting() {
    NativeStack stack;
    while ((stack = starting.poll()) != null) {
      try {
        stack.awaitStart();
        return stack;
      } catch (IllegalStateException e) {
        // its thread has ended, or will: it is an orphan now
      }
    }
    return null;
  }

  /** Keeps a stack whose thread was started ahead of need. */
  void giveStarting(NativeStack stack) {
    starting.add(stack);
  }

  /** Has those that were started ahead, and that nobody needed, be idle like the others. */
  private void settleStarting() {
    NativeStack stack;
    while ((stack = pollStarting()) != null) {
      give(stack);
    }
  }

  /**
   * Takes a stack back whose task has ended. If it throws, the stack is not in the list: once it
   * is, it may serve another at once.
   */
  void give(NativeStack stack) {
    if (engine.exiting) {
      stack.retire();
      return;
    }
    boolean given = false;
    while (!given) {
      long seen = top;
      stack.below = (int) (seen & INDEX_MASK);
      stack.depth = depth(seen) + 1;
      given = TOP.compareAndSet(this, seen, (seen | INDEX_MASK) + 1 + stack.index());
    }
    if (engine.exiting) {
      try {
        retireIdle(Integer.MAX_VALUE); // the exit hook may have looked before our push
      } catch (Throwable t) {
        // the exit takes its 300 ms, then
      }
    }
  }

  /** How many there are, if {@code seen} is what stands in {@code top} still. */
  private static int depth(long seen) {
    long index = seen & INDEX_MASK;
    NativeStack stack = index == 0 ? null : NativeEngine.stackAt((int) index);
    return stack == null ? 0 : stack.depth;
  }

  /** Ends the threads of all stacks that nobody needed since the last trim. */
  void trim() {
    settleStarting();
    int depth = depth(top);
    int unused = Math.min(lowWater, depth);
    lowWater = depth;
    retireIdle(unused);
  }

  /** Ends the threads of up to {@code most} idle stacks. */
  void retireIdle(int most) {
    if (engine.exiting) {
      settleStarting();
    }
    for (int i = 0; i < most; i++) {
      NativeStack stack = poll();
      if (stack == null) {
        break;
      }
      try {
        stack.retire();
      } catch (Throwable t) {
        stack.orphaned = true;
        throw t;
      }
    }
  }

  /** A stack's thread is about to end. */
  void ended(NativeStack stack) {
    engine.forget(stack);
  }
}
