package dev.stackful.torture;

import dev.stackful.CoroutineLimitException;
import dev.stackful.Engine;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberFailedException;
import dev.stackful.fiber.FiberRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The system gives no more threads, by a limit of the address space: each fiber for which there is
 * none fails alone, whether it is the root or another fiber that would give it control.
 */
public final class FiberLimitReached {
  private static final int FIBERS = 400;

  private FiberLimitReached() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    int[] woken = {0};
    List<Fiber<?>> fibers = new ArrayList<>();
    try (FiberRuntime runtime =
        FiberRuntime.builder().engine(Engine.PLATFORM_THREAD).clock(FiberClock.virtual()).build()) {
      runtime.launch(() -> {});
      runtime.run(); // what is to be loaded is loaded
      LimitReached.allowNoMoreAddressSpace();
      for (int i = 0; i < FIBERS; i++) {
        fibers.add(
            runtime.launch(
                () -> {
                  Fiber.sleep(Duration.ofHours(1));
                  woken[0]++;
                }));
      }
      FiberFailedException failure = Check.thrownBy(FiberFailedException.class, () -> run(runtime));
      long failed = fibers.stream().filter(f -> f.state() == Fiber.State.FAILED).count();
      System.out.println(woken[0] + " slept, " + failed + " failed: " + failure.getCause());
      Check.that(woken[0] > 10 && failed > 10, "some have run and some have not");
      Check.equal((long) FIBERS, woken[0] + failed, "all fibers");
      Check.that(failure.getCause() instanceof CoroutineLimitException, "is " + failure.getCause());
      Check.that(failure.getMessage().contains("ulimit -v"), "does not name the limit");
      Check.equal(failed - 1, (long) failure.getSuppressed().length, "the other failures");
      Check.await(
          "a fiber has a thread again",
          () -> {
            Fiber<?> another = runtime.launch(() -> {});
            var _ = another.toCompletableFuture(); // whose failure counts as seen
            run(runtime);
            return another.state() == Fiber.State.SUCCEEDED;
          });
    }
    depthFirst();
    System.out.println("ok");
  }

  /** The last one that fails has somebody who joins it, and who goes on before all others. */
  private static void depthFirst() {
    try (FiberRuntime runtime =
        FiberRuntime.builder()
            .engine(Engine.PLATFORM_THREAD)
            .clock(FiberClock.virtual())
            .depthFirst()
            .build()) {
      Fiber<Integer> joiner =
          runtime.spawn(
              () -> {
                List<Fiber<?>> sleepers = new ArrayList<>();
                for (int i = 0; i < FIBERS; i++) {
                  sleepers.add(runtime.launch(() -> Fiber.sleep(Duration.ofHours(1))));
                }
                int failed = 0;
                for (Fiber<?> sleeper : sleepers) {
                  try {
                    sleeper.join();
                  } catch (FiberFailedException e) {
                    failed++;
                  }
                }
                return failed;
              });
      run(runtime);
      System.out.println(joiner.join() + " failed, depth first");
      Check.that(joiner.join() > 10 && joiner.join() < FIBERS - 10, "some have run and some not");
    }
  }

  private static void run(FiberRuntime runtime) {
    try {
      runtime.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
