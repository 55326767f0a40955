package dev.stackful.fuzz;

import dev.stackful.ForcedUnwind;
import dev.stackful.fiber.FiberCancelled;

/** What sorts of throwables there are, as far as a {@code catch} can tell them apart. */
enum Sort {
  UNCHECKED,
  CHECKED,
  ERROR,
  /** What ends a body from outside. */
  UNWINDING;

  static Sort of(Throwable thrown) {
    return switch (thrown) {
      case ForcedUnwind u -> UNWINDING;
      case FiberCancelled c -> UNWINDING;
      case RuntimeException e -> UNCHECKED;
      case Error e -> ERROR;
      default -> CHECKED;
    };
  }
}
