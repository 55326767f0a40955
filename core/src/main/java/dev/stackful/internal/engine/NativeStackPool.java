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
 * no lock. It has no ABA problem, as a node is used once: a new one is made each time a stack is
 * taken, when a failure does no harm yet. Each node knows the depth below it; the smallest depth
 * seen between two trims is how many stacks were of no use in all that time.
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

  /** An idle stack's place in the list. Written until it is published, never after. */
  static final class Node {
    private final NativeStack stack;
    private @Nullable Node below;
    private int depth;

    Node(NativeStack stack) {
      this.stack = stack;
    }
  }

  private final NativeEngine engine;
  private final long stackSizeBytes;

  private volatile @Nullable Node top;

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
      Node node = top;
      if (node == null) {
        return null;
      }
      if (TOP.compareAndSet(this, node, node.below)) {
        int left = node.depth - 1;
        if (left < lowWater) {
          lowWater = left;
        }
        return node.stack;
      }
    }
  }

  /** A stack that was started ahead, once it can be entered; null if there is none. */
  @Nullable NativeStack pollStarting() {
    NativeStack stack;
    while ((stack = starting.poll()) != null) {
      try {
        stack.awaitStart();
        return stack;
      } catch (IllegalStateException e) {
        stack.orphaned = true; // its thread has ended, or will
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
      give(new Node(stack));
    }
  }

  /**
   * Takes a stack back whose task has ended. If it throws, the stack is not in the list: once it
   * is, it may serve another at once.
   */
  void give(Node place) {
    if (engine.exiting) {
      place.stack.retire();
      return;
    }
    boolean given = false;
    while (!given) {
      Node below = top;
      place.below = below;
      place.depth = below == null ? 1 : below.depth + 1;
      given = TOP.compareAndSet(this, below, place);
    }
    if (engine.exiting) {
      try {
        retireIdle(Integer.MAX_VALUE); // the exit hook may have looked before our push
      } catch (Throwable t) {
        // the exit takes its 300 ms, then
      }
    }
  }

  /** Ends the threads of all stacks that nobody needed since the last trim. */
  void trim() {
    settleStarting();
    Node node = top;
    int depth = node == null ? 0 : node.depth;
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
