package dev.stackful.examples.snippets;

import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import java.time.Duration;

/** Two fibers that sleep in virtual time. */
public final class Fibers {
  private Fibers() {}

  /**
   * Lets a day pass.
   *
   * @param arguments none
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws InterruptedException {
    // @start region="fibers"
    try (FiberRuntime runtime = FiberRuntime.builder().clock(FiberClock.virtual()).build()) {
      Fiber<Integer> counter =
          runtime.spawn(
              "counter",
              () -> {
                int hours = 0;
                while (hours < 24) {
                  Fiber.sleep(Duration.ofHours(1)); // others run; time jumps when all sleep
                  hours++;
                }
                return hours;
              });
      runtime.launch(() -> System.out.println(counter.join() + " hours later")); // 24 hours later
      runtime.run();
      System.out.println(runtime.now()); // PT24H
    }
    // @end
  }
}
