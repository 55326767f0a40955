package dev.stackful.fiber;

import dev.stackful.internal.fiber.FiberCore;
import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.Scheduler;
import dev.stackful.internal.fiber.WaiterQueue;
import dev.stackful.internal.fiber.WaiterQueue.Waiter;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One piece of code that another thread runs, and the wait of one fiber for it. The fiber goes on
 * only when the code has ended: nothing of it goes on behind the fiber's back.
 */
final class BlockingCall<R extends @Nullable Object> implements Runnable {
  static {
    FiberFrames.hide(BlockingCall.class);
  }

  private final Fiber.Operation<? extends R, ?> operation;
  private final Scheduler scheduler;
  private final WaiterQueue place = new WaiterQueue("wait for", "a blocking call");

  /** The thread that runs the code, while it does. With the next two, guarded by this. */
  private @Nullable Thread thread;

  private boolean begun;
  private boolean interrupted;

  /** What came of it. These belong to the runtime's thread. */
  private boolean complete;

  private @Nullable R result;
  private @Nullable Throwable failure;

  BlockingCall(Fiber.Operation<? extends R, ?> operation, Scheduler scheduler) {
    this.operation = operation;
    this.scheduler = scheduler;
  }

  /** Called by the fiber. */
  R call(Executor executor, FiberCore me) throws Throwable {
    executor.execute(this);
    try {
      if (!complete) {
        scheduler.blockForOutside(me, place(me), true);
      }
    } catch (Throwable t) {
      boolean begun = interrupt();
      while (begun && t instanceof FiberCancelled && !complete) {
        scheduler.blockForOutside(me, place(me), false);
      }
      throw t;
    }
    if (failure != null) {
      throw failure;
    }
    return result;
  }

  private Waiter place(FiberCore me) {
    Waiter waiter = new Waiter(me);
    place.add(waiter, me.newWait(), null);
    return waiter;
  }

  /** Called by the other thread. */
  @Override
  public void run() {
    R value = null;
    Throwable thrown = null;
    if (begins()) {
      try {
        value = operation.run();
      } catch (Throwable t) {
        thrown = t;
      }
      ends();
    }
    R returned = value;
    Throwable failed = thrown;
    scheduler.tell(() -> completed(returned, failed));
  }

  private synchronized boolean begins() {
    if (interrupted) {
      return false; // the fiber has gone on without it
    }
    thread = Thread.currentThread();
    begun = true;
    return true;
  }

  /** The interrupt was for the code, and not for what the thread does next. */
  private synchronized void ends() {
    thread = null;
    if (interrupted) {
      Thread.interrupted();
    }
  }

  /** Returns whether the code has begun; if not, it never will. */
  private synchronized boolean interrupt() {
    interrupted = true;
    if (thread != null) {
      thread.interrupt();
    }
    return begun;
  }

  private void completed(@Nullable R value, @Nullable Throwable thrown) {
    result = value;
    failure = thrown;
    complete = true;
    place.resumeFirst(null);
  }
}
