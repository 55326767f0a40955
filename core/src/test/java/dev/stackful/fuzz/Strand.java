package dev.stackful.fuzz;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A thread or a coroutine of the model: a stack of frames, and what the one on top has to go on
 * with.
 */
class Strand {
  /** How the frame above has ended, or what a statement that was waited for has come to. */
  enum Signal {
    NORMAL,
    THROWING,
    RETURNING
  }

  /** What the log calls it. */
  final String label;

  /** What the innermost handler has caught outside of what this one runs. */
  final @Nullable Thrown caughtOutside;

  final Deque<Frame> frames = new ArrayDeque<>();
  Signal signal = Signal.NORMAL;
  @Nullable Thrown thrown;

  /** What the statement that was waited for gives. */
  String value = "";

  Strand(String label, @Nullable Thrown caughtOutside) {
    this.label = label;
    this.caughtOutside = caughtOutside;
  }

  /** A part of the stack. */
  interface Frame {
    /** Goes on: either the frames above have ended, or this is new. */
    void step();
  }

  /** A frame that a routine of its own stands on: no handler below is around what is above. */
  interface Routine {}

  void push(Frame frame) {
    frames.push(frame);
  }

  void pop() {
    frames.pop();
  }

  /** Has the pending statement give a value. */
  void give(String given) {
    signal = Signal.NORMAL;
    value = given;
  }

  /** Has the pending statement throw. */
  void raise(Thrown raised) {
    signal = Signal.THROWING;
    thrown = raised;
  }

  /** The exception is caught. */
  Thrown take() {
    Thrown taken = thrown;
    if (taken == null) {
      throw new AssertionError(label + " has thrown nothing");
    }
    thrown = null;
    signal = Signal.NORMAL;
    return taken;
  }

  boolean isThrowing() {
    return signal == Signal.THROWING;
  }

  /** What the handler that the strand stands in has caught; null outside of any. */
  @Nullable Thrown caught() {
    for (Frame frame : frames) {
      if (frame instanceof Routine) {
        return null;
      }
      if (frame instanceof Machine.TryFrame handler && handler.caught() != null) {
        return handler.caught();
      }
    }
    return caughtOutside;
  }
}
