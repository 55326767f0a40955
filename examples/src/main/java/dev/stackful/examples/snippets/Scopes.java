package dev.stackful.examples.snippets;

import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import dev.stackful.fiber.FiberScope;
import java.time.Duration;

/** A block whose fibers have ended when it ends. */
public final class Scopes {
  private Scopes() {}

  /**
   * Does two things at once.
   *
   * @param arguments none
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws InterruptedException {
    try (FiberRuntime runtime = FiberRuntime.builder().clock(FiberClock.virtual()).build()) {
      runtime.launch(() -> System.out.println(dinner()));
      runtime.run();
    }
  }

  // @start region="scope"
  static String dinner() {
    try (var scope = FiberScope.<String>open()) {
      Fiber<String> soup = scope.fork(() -> cook("soup", 30));
      Fiber<String> bread = scope.fork(() -> cook("bread", 45));
      scope.join(); // throws if one fails, and then the other is cancelled
      return soup.join() + " and " + bread.join();
    }
  }

  // @end

  private static String cook(String what, int minutes) {
    Fiber.sleep(Duration.ofMinutes(minutes));
    return what;
  }
}
