package dev.stackful.fuzz;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A fiber's wait for one thing, or for the first of several, in the model; or that of somebody
 * outside.
 */
final class ModelWait {
  /** What ends a wait that a cancellation or a time-out ends. */
  static final Object INTERRUPTION = new Object();

  final @Nullable ModelFiber fiber;

  /** What is done with what somebody outside gets. */
  private final Consumer<@Nullable Object> outside;

  /** What has ended it. */
  @Nullable Object endedBy;

  boolean over;

  ModelWait(ModelFiber fiber) {
    this.fiber = fiber;
    this.outside = got -> {};
  }

  ModelWait(Consumer<@Nullable Object> outside) {
    this.fiber = null;
    this.outside = outside;
  }

  void giveOutside(@Nullable Object got) {
    outside.accept(got);
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
