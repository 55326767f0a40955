package dev.stackful.internal.fiber;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What other threads ask of a runtime: a stack that anybody may push to and the runtime's thread
 * takes as a whole. Looking whether there is something is one volatile read, which every switch can
 * afford.
 *
 * <p>Nobody sleeps over a push: the runtime's thread writes {@code parked} and then looks here; who
 * pushes does so by a compare-and-set and then looks at {@code parked}. Both are sequentially
 * consistent, so one of them sees the other.
 */
final class Inbound {
  private static final VarHandle TOP;

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(Inbound.class, "top", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Node {
    final Runnable action;
    @Nullable Node next;

    Node(Runnable action, @Nullable Node next) {
      this.action = action;
      this.next = next;
    }
  }

  /** On top once nothing is taken any more. */
  private static final Node CLOSED = new Node(() -> {}, null);

  private volatile @Nullable Node top;
  private volatile @Nullable Thread parked;

  /** What was taken and isn't done yet, oldest first. The runtime's. */
  private @Nullable Node taken;

  /** For the runtime's thread. */
  boolean isEmpty() {
    return top == null && taken == null;
  }

  /** Hands an action over, and wakes the runtime's thread. Returns false once closed. */
  boolean push(Runnable action) {
    while (true) {
      Node seen = top;
      if (seen == CLOSED) {
        return false;
      }
      if (TOP.compareAndSet(this, seen, new Node(action, seen))) {
        break;
      }
    }
    Thread waiting = parked;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
    return true;
  }

  /**
   * Does what was asked for, in the order in which it was. If one action throws, those behind it
   * are left for the next time.
   */
  void drain() {
    runTaken();
    Node node = (Node) TOP.getAndSet(this, (Node) null);
    Node oldest = null;
    while (node != null) { // they are turned round in place: nothing here can fail
      Node older = node.next;
      node.next = oldest;
      oldest = node;
      node = older;
    }
    taken = oldest;
    runTaken();
  }

  private void runTaken() {
    Node node;
    while ((node = taken) != null) {
      taken = node.next;
      node.action.run();
    }
  }

  /** Takes nothing any more, and does what was asked for until now. */
  void close() {
    while (top != CLOSED) {
      if (isEmpty()) {
        TOP.compareAndSet(this, (Node) null, CLOSED);
      } else {
        drain();
      }
    }
  }

  /** Called by the runtime's thread: parks, unless there is something here. */
  void park(Clock clock, long deadlineNanos) {
    parked = Thread.currentThread();
    try {
      if (isEmpty()) {
        if (deadlineNanos == Clock.NEVER) {
          LockSupport.park(this);
        } else {
          clock.parkUntil(deadlineNanos);
        }
      }
    } finally {
      parked = null;
    }
  }
}
