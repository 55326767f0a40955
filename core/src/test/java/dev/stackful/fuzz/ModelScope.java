package dev.stackful.fuzz;

import dev.stackful.fiber.Fiber.State;
import dev.stackful.fuzz.FiberAction.InScope.Joiner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scope of the model, with its joiner. */
final class ModelScope {
  final ModelFiber owner;
  final @Nullable ModelScope outer;
  final ModelQueue waiting;

  /** Those that haven't ended. */
  final List<ModelFiber> forked = new ArrayList<>();

  final List<ModelFiber> all = new ArrayList<>();
  boolean needsJoin;
  boolean joined;
  boolean cancelled;
  boolean closed;
  boolean timedOut;
  ModelTimers.@Nullable Timer timer;

  private final FiberMachine machine;
  private final Joiner joiner;
  private @Nullable ModelFiber successful;
  private @Nullable ModelFiber unsuccessful;

  ModelScope(FiberMachine machine, ModelFiber owner, FiberAction.InScope action) {
    this.machine = machine;
    this.owner = owner;
    this.outer = owner.innermost;
    this.waiting = new ModelQueue(machine);
    this.joiner = action.joiner();
    owner.innermost = this;
    if (action.millis() > 0) {
      timer =
          machine.timers.set(
              action.millis(),
              () -> {
                if (!cancelled) {
                  cancel();
                  timedOut = true;
                }
              });
    }
  }

  void cancel() {
    if (!cancelled) {
      cancelled = true;
      waiting.resumeFirst(null);
    }
    List.copyOf(forked).forEach(machine::cancel);
  }

  /** A fiber of it has ended. */
  void ended(ModelFiber fiber) {
    fiber.observed = true;
    if (forked.remove(fiber) && !cancelled && isEnough(fiber)) {
      cancel();
    }
    if (forked.isEmpty() && waiting.resumeFirst(null)) {
      stopTimer();
    }
  }

  private boolean isEnough(ModelFiber fiber) {
    boolean succeeded = fiber.state == State.SUCCEEDED;
    return switch (joiner) {
      case AWAIT_ALL -> false;
      case ANY_SUCCESSFUL -> {
        if (succeeded) {
          successful = fiber;
        } else if (unsuccessful == null) {
          unsuccessful = fiber;
        }
        yield succeeded;
      }
      case ALL_SUCCESSFUL, ALL_RESULTS -> {
        if (!succeeded && unsuccessful == null) {
          unsuccessful = fiber;
        }
        yield unsuccessful != null;
      }
    };
  }

  /** It is over, by its owner's close or end. */
  void abandon() {
    closed = true;
    stopTimer();
    owner.innermost = outer;
    cancel();
  }

  void stopTimer() {
    if (timer != null) {
      machine.timers.remove(timer);
    }
  }

  /** What join gives or throws. */
  void tellResult() {
    if (timedOut) {
      owner.raise(new Thrown(Sort.UNCHECKED, "FiberTimeoutException"));
    } else if (successful != null) {
      owner.give(successful.result);
    } else if (unsuccessful != null) {
      Thrown thrown = machine.outcome(unsuccessful);
      owner.raise(
          unsuccessful.state == State.FAILED
              ? thrown
              : new Thrown(Sort.UNCHECKED, "FiberFailedException", thrown));
    } else if (joiner == Joiner.ANY_SUCCESSFUL) {
      owner.raise(
          new Thrown(
              Sort.UNCHECKED,
              "FiberFailedException",
              new Thrown(Sort.UNCHECKED, "NoSuchElementException")));
    } else if (joiner == Joiner.ALL_RESULTS) {
      owner.give(all.stream().map(fiber -> fiber.result).toList().toString());
    } else {
      owner.give("null");
    }
  }
}
