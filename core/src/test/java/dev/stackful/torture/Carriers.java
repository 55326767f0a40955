package dev.stackful.torture;

import dev.stackful.Coroutine;
import java.util.ArrayList;
import java.util.List;

/**
 * Virtual threads create and resume coroutines whose bodies create and resume more. Wants
 * -Djdk.virtualThreadScheduler.parallelism=1.
 *
 * <p>A virtual thread that waits in a switch keeps its carrier, the body running on that. So where
 * the body waits for a monitor whose next owner is a virtual thread that has no carrier, everything
 * stands still; the library must have no such monitor.
 */
public final class Carriers {
  private static final int THREADS = 6;

  private Carriers() {}

  /** Runs it; the argument is the number of rounds. */
  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[0]) / Check.SLOWNESS;
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Runnable task = () -> nest(rounds);
      Thread.Builder builder = i == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      threads.add(
          builder.uncaughtExceptionHandler((thread, thrown) -> failures.add(thrown)).start(task));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Check.equal(List.of(), failures, "failures");
    System.out.println("ok");
  }

  @SuppressWarnings("ThreadPriorityCheck") // so that the others get the carrier
  private static void nest(int rounds) {
    for (int i = 0; i < rounds; i++) {
      Coroutine<Integer, Integer> outer =
          Coroutine.builder()
              .freshStack(i % 2 == 0)
              .build(
                  (self, first) -> {
                    Coroutine<Integer, Integer> inner =
                        Coroutine.builder()
                            .freshStack(true)
                            .build((innerSelf, value) -> 1 + innerSelf.yield(value));
                    int value = self.yield(inner.resume(first));
                    return inner.resume(value);
                  });
      Check.equal(i, outer.resume(i), "the yield");
      Check.equal(i + 3, outer.resume(i + 2), "the return");
      Thread.yield();
    }
  }
}
