package dev.stackful.fiber;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import java.util.List;
import java.util.stream.Collectors;

/** What is logged. */
final class Log {
  /** More names are not in a message. */
  private static final int MOST_NAMES = 10;

  private Log() {}

  /** Asked for each time: where it can't be had, this class can be used all the same. */
  private static System.Logger logger() {
    return System.getLogger("dev.stackful.fiber");
  }

  static void failed(Fiber<?> fiber, Throwable thrown) {
    logger()
        .log(
            ERROR,
            fiber.describe() + " of " + fiber.runtime() + " has failed, and nobody waits for it",
            thrown);
  }

  static void handlerThrew(Fiber<?> fiber, Throwable thrown) {
    try {
      logger().log(ERROR, "the handler of failures threw, told of " + fiber.describe(), thrown);
    } catch (Throwable t) {
      // what can't be logged can't be told anybody
    }
  }

  static void longTurn(String report) {
    logger().log(WARNING, report);
  }

  /** Logs nothing if there are none. */
  static void neverBegan(FiberRuntime runtime, List<Fiber<?>> fibers) {
    if (!fibers.isEmpty()) {
      String names =
          fibers.stream().limit(MOST_NAMES).map(Fiber::name).collect(Collectors.joining(", "));
      String report =
          runtime
              + " is closed with fibers that never began: "
              + names
              + (fibers.size() > MOST_NAMES ? ", ... " + fibers.size() + " in all" : "")
              + ". FiberRuntime.run runs them";
      try {
        logger().log(WARNING, report);
      } catch (Throwable t) {
        // what a logger throws keeps no fiber from its end
      }
    }
  }
}
