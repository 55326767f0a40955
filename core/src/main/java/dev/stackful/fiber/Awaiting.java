package dev.stackful.fiber;

import dev.stackful.internal.fiber.FiberCore;
import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.Scheduler;
import dev.stackful.internal.fiber.WaiterQueue;
import dev.stackful.internal.fiber.WaiterQueue.Waiter;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One fiber's wait for one stage. */
final class Awaiting<T extends @Nullable Object> {
  static {
    FiberFrames.hide(Awaiting.class);
  }

  /** Empty but while the fiber waits: the stage may keep this for ever. */
  private final WaiterQueue place = new WaiterQueue("await", "a stage");

  private boolean complete;
  private @Nullable T value;
  private @Nullable Throwable thrown;

  @SuppressWarnings("FutureReturnValueIgnored")
  T await(CompletionStage<T> stage, FiberCore fiber, Scheduler scheduler) {
    // Whoever completes the stage calls this: maybe now, maybe a fiber of ours, maybe another
    // thread.
    stage.whenComplete((v, t) -> scheduler.tell(() -> completed(v, t)));
    if (!complete) {
      Waiter waiter = new Waiter(fiber);
      place.add(waiter, fiber.newWait(), null);
      scheduler.blockForOutside(fiber, waiter, true);
    }
    if (thrown instanceof CancellationException cancelled) {
      throw cancelled;
    }
    if (thrown != null) {
      throw thrown instanceof CompletionException completion
          ? completion
          : new CompletionException(thrown);
    }
    return value;
  }

  private void completed(@Nullable T result, @Nullable Throwable failure) {
    value = result;
    thrown = failure;
    complete = true;
    place.resumeFirst(null);
  }
}
