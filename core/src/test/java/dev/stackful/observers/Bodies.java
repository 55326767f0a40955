package dev.stackful.observers;

import java.util.Set;

/** Where a body is called: what stands above on a stack is the body's. */
final class Bodies {
  /** Of the {@link #CLASSES}. */
  static final String METHOD = "runBody";

  /** Of coroutines, and of fibers. */
  static final Set<String> CLASSES =
      Set.of("dev.stackful.CoroutineCore", "dev.stackful.fiber.Fiber");

  private Bodies() {}
}
