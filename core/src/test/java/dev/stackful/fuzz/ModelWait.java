package dev.stackful.fuzz;

import org.jspecify.annotations.Nullable;

/** A fiber's wait for one thing, or for the first of several, in the model. */
final class ModelWait {
  /** What ends a wait that a cancellation or a time-out ends. */
  static final Object INTERRUPTION = new Object();

  final ModelFiber fiber;

  /** What has ended it. */
  @Nullable Object endedBy;

  boolean over;

  ModelWait(ModelFiber fiber) {
    this.fiber = fiber;
  }

  /** A place in a queue. */
  static final class Place {
    final ModelWait wait;
    final int index;

    /** What the fiber gives to whoever comes. */
    final @Nullable Object given;

    /** What it gets from whoever comes. */
    @Nullable Object got;

    Place(ModelWait wait, int index, @Nullable Object given) {
      this.wait = wait;
      this.index = index;
      this.given = given;
    }
  }
}
