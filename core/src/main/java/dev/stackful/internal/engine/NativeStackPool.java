package dev.stackful.internal.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The idle stacks of one size, and the making of new ones.
 *
 * <p>Last in, first out, so that a hot loop of short coroutines uses one warm stack. A list of
 * freshly allocated nodes needs no lock and has no ABA problem: a node that a stale compare-and-set
 * still knows is not used again while it is reachable. Each node knows the depth below it; the
 * smallest depth seen between two trims is how many stacks were of no use in all that time.
 */
final class NativeStackPool {
  private static final VarHandle TOP;

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(NativeStackPool.class, "top", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private record Node(NativeStack stack, @Nullable Node below, int depth) {}

  private final NativeEngine engine;
  private final long stackSizeBytes;

  private volatile @Nullable Node top;

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
      Node node = top;
      if (node == null) {
        return null;
      }
      if (TOP.compareAndSet(this, node, node.below())) {
        int left = node.depth() - 1;
        if (left < lowWater) {
          lowWater = left;
        }
        return node.stack();
      }
    }
  }

  /** Takes a stack back whose task has ended. */
  void give(NativeStack stack) {
    if (engine.isExiting()) {
      stack.retire();
      return;
    }
    push(stack);
    if (engine.isExiting()) {
      retireIdle(Integer.MAX_VALUE); // the exit hook may have looked before our push
    }
  }

  private void push(NativeStack stack) {
    while (true) {
      Node below = top;
      if (TOP.compareAndSet(
          this, below, new Node(stack, below, below == null ? 1 : below.depth() + 1))) {
        return;
      }
    }
  }

  /** Ends the threads of all stacks that nobody needed since the last trim; says how many. */
  int trim() {
    Node node = top;
    int depth = node == null ? 0 : node.depth();
    int unused = Math.min(lowWater, depth);
    lowWater = depth;
    return retireIdle(unused);
  }

  /** Ends the threads of up to {@code most} idle stacks; says how many. */
  int retireIdle(int most) {
    int retired = 0;
    while (retired < most) {
      NativeStack stack = poll();
      if (stack == null) {
        break;
      }
      stack.retire();
      retired++;
    }
    return retired;
  }

  /** The stack whose own context this is. */
  NativeStack stackIn(long context) {
    return engine.stackIn(context);
  }

  /** A stack's thread is about to end. */
  void ended(NativeStack stack) {
    engine.forget(stack);
  }
}
