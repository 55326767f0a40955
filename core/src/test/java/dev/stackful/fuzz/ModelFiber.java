package dev.stackful.fuzz;

import dev.stackful.fiber.Fiber.State;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A fiber of the model. */
final class ModelFiber extends Strand {
  final Block body;

  /** The scope that it was forked in. */
  final @Nullable ModelScope parent;

  final ModelQueue joiners;

  State state = State.NEW;

  /** What it waits in, while it does. */
  @Nullable ModelWait wait;

  boolean cancellable;

  /** Why its next operation throws: this fiber for a cancellation, or a deadline. */
  @Nullable Object interruption;

  /** The innermost time-out that it is in. */
  @Nullable Deadline deadline;

  /** The scope that it opened last and hasn't closed. */
  @Nullable ModelScope innermost;

  /** In how many coroutines of its own it is. */
  int outside;

  /** 0; or, while it is being unwound and nothing suspends it, how often it was told, from 1. */
  int unwinds;

  /** Whether its wait is to end by an unwinding. */
  boolean forced;

  /** Whether its failure has reached anybody. */
  boolean observed;

  /** The values of its variables. */
  final String[] locals;

  /** What is done when it has ended. */
  Runnable atEnd = () -> {};

  String result = "";
  @Nullable Thrown failure;

  ModelFiber(
      FiberMachine machine,
      String name,
      Block body,
      @Nullable ModelScope parent,
      @Nullable ModelFiber spawner) {
    super(name, null);
    this.body = body;
    this.locals = spawner == null ? new String[FiberRun.LOCALS] : spawner.locals.clone();
    this.parent = parent;
    this.joiners = new ModelQueue(machine);
    if (spawner == null) {
      Arrays.fill(locals, FiberRun.INITIAL);
    }
  }

  boolean isDone() {
    return state.compareTo(State.SUCCEEDED) >= 0;
  }

  boolean mayRun() {
    return state == State.NEW || state == State.READY;
  }

  /** What whoever joins it gets, if it has failed. */
  Thrown failedException() {
    return new Thrown(Sort.UNCHECKED, "FiberFailedException of " + label, failure);
  }

  /** What a cancellation, or the end of a time, throws. */
  static final class Cancellation extends Thrown {
    final Object why;

    Cancellation(ModelFiber fiber, Object why) {
      super(Sort.UNWINDING, "FiberCancelled: " + (why == fiber ? "cancelled" : "no time"));
      this.why = why;
    }
  }

  /** A time-out around a piece of its code. */
  static final class Deadline {
    final @Nullable Deadline outer;
    ModelTimers.Timer timer;

    Deadline(ModelFiber fiber) {
      this.outer = fiber.deadline;
      this.timer = new ModelTimers.Timer(0, () -> {});
    }
  }

  Thrown takeInterruption() {
    Object why = interruption;
    if (why == null) {
      throw new AssertionError(label + " was not interrupted");
    }
    interruption = null;
    return new Cancellation(this, why);
  }

  /** Throws what a cancellation does, if one is pending. */
  boolean isInterrupted() {
    if (interruption == null) {
      return false;
    }
    raise(takeInterruption());
    return true;
  }
}
