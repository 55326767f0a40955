package dev.stackful.fiber;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One fiber's wait for one stage. */
final class Awaiting<T extends @Nullable Object> implements Blocker {
  /** Null once it waits no more: the stage may keep this object for ever. */
  private @Nullable Fiber<?> fiber;

  private boolean complete;
  private @Nullable T value;
  private @Nullable Throwable thrown;

  Awaiting(Fiber<?> fiber) {
    this.fiber = fiber;
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  T await(CompletionStage<T> stage) {
    Fiber<?> me = fiber;
    Scheduler scheduler = me.scheduler;
    // Whoever completes the stage calls this: maybe now, maybe a fiber of ours, maybe another
    // thread.
    stage.whenComplete((v, t) -> scheduler.tell(() -> completed(v, t)));
    if (!complete) {
      scheduler.awaiting++;
      try {
        scheduler.block(me, this);
      } finally {
        scheduler.awaiting--;
        fiber = null;
      }
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
    Fiber<?> waiting = fiber;
    if (waiting != null && waiting.blocker == this) {
      fiber = null;
      waiting.scheduler.wake(waiting);
    }
  }

  @Override
  public void withdraw(Fiber<?> waiting) {
    fiber = null;
  }

  @Override
  public boolean isSet() {
    return fiber != null;
  }

  @Override
  public String describe() {
    return "await a stage";
  }
}
