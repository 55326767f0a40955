package dev.stackful.examples;

import dev.stackful.fiber.Channel;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import dev.stackful.fiber.FiberScope;
import java.time.Duration;
import java.util.function.Function;

/**
 * A pipeline with back-pressure: a source, a slow stage that several fibers share, and a sink, with
 * bounded channels in between. The source can't run ahead of the slowest stage by more than the
 * channels hold; a stage that fails ends the whole.
 *
 * <p>Run it: {@code ./stackful example Pipeline 20}. The number is how many elements there are.
 */
public final class Pipeline {
  private Pipeline() {}

  /**
   * So many fibers apply a function to what comes in, and the last of them closes what goes out.
   */
  static <A, B> void stage(
      FiberScope<?, ?> scope,
      String name,
      int workers,
      Channel<A> in,
      Channel<B> out,
      Function<? super A, ? extends B> function) {
    int[] left = {workers};
    for (int i = 1; i <= workers; i++) {
      scope.fork(
          name + " " + i,
          () -> {
            for (A element : in) {
              out.send(function.apply(element)); // waits while the next stage is behind
            }
            if (--left[0] == 0) {
              out.close();
            }
            return null;
          });
    }
  }

  /** Runs it. */
  public static void main(String[] arguments) throws InterruptedException {
    int elements = 20;
    try {
      elements = arguments.length > 0 ? Integer.parseInt(String.join(" ", arguments)) : elements;
    } catch (NumberFormatException e) {
      elements = 0;
    }
    if (elements < 1) {
      System.err.println("usage: Pipeline [COUNT]; a whole number, one at least");
      System.exit(2);
    }
    int count = elements;
    try (FiberRuntime runtime = FiberRuntime.builder().clock(FiberClock.virtual()).build()) {
      runtime.launch("pipeline", () -> run(runtime, count));
      runtime.run();
    }
  }

  private static void run(FiberRuntime runtime, int elements) {
    Channel<Integer> numbers = Channel.bounded("numbers", 2);
    Channel<String> pages = Channel.bounded("pages", 2);
    int[] ahead = {0, 0};
    try (var scope = FiberScope.open()) {
      scope.fork(
          "source",
          () -> {
            try (numbers) {
              for (int i = 1; i <= elements; i++) {
                numbers.send(i);
                ahead[0]++;
                ahead[1] = Math.max(ahead[1], ahead[0]);
              }
            }
            return null;
          });
      stage(
          scope,
          "fetch",
          3,
          numbers,
          pages,
          number -> {
            Fiber.sleep(Duration.ofMillis(300)); // as if it came over the network
            return "page " + number;
          });
      scope.fork(
          "sink",
          () -> {
            int count = 0;
            for (String page : pages) {
              ahead[0]--;
              count++;
              if (count == elements) {
                System.out.println(count + " pages, the last is " + page);
              }
            }
            return null;
          });
      scope.join();
    }
    System.out.println("took " + runtime.now() + " with three at a time");
    System.out.println("the source was never more than " + ahead[1] + " ahead");
  }
}
