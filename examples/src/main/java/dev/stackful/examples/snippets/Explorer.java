package dev.stackful.examples.snippets;

import dev.stackful.fiber.FailingScheduleException;
import dev.stackful.fiber.FiberExplorer;
import dev.stackful.fiber.Mutex;

/** A deadlock that the ordinary schedule doesn't show. */
public final class Explorer {
  private Explorer() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    // @start region=explorer
    FiberExplorer.Test philosophers =
        runtime -> {
          Mutex left = Mutex.create("the left fork");
          Mutex right = Mutex.create("the right fork");
          runtime.spawn("Plato", () -> left.withLock(() -> right.withLock(() -> "eats")));
          runtime.spawn("Socrates", () -> right.withLock(() -> left.withLock(() -> "eats")));
          runtime.run();
        };
    try {
      FiberExplorer.create().explore(philosophers);
    } catch (FailingScheduleException e) {
      System.out.println(e.schedule()); // how to repeat it
      System.out.println(e.getCause().getMessage()); // every fiber ... waits, and for what
    }
    // @end
  }
}
