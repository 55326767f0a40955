package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.CoroutineLimitException;
import java.util.ArrayList;
import java.util.List;

/**
 * Twenty thousand coroutines, all suspended at once. Other programs may have taken some of the
 * process ids for a while: the one that is refused is tried again.
 */
public final class ManyLive {
  private ManyLive() {}

  /** Runs it; an argument gives another number. */
  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000 / Check.SLOWNESS;
    List<Coroutine<Integer, Integer>> live = new ArrayList<>();
    int[] unwound = {0};
    Check.scenario(
        "start " + count,
        () -> {
          for (int i = 0; i < count; i++) {
            int number = i;
            Coroutine<Integer, Integer> c =
                Coroutine.of(
                    (self, first) -> {
                      try {
                        return number + self.yield(number + self.yield(number + first));
                      } finally {
                        unwound[0]++;
                      }
                    });
            Check.await("the machine has a thread for another", () -> starts(c, number));
            live.add(c);
          }
          Check.that(Check.kernelThreads() > count, "not all on threads of their own");
        });
    Check.scenario(
        "resume them",
        () -> {
          for (int i = 0; i < count; i++) {
            Check.equal(i + 2, live.get(i).resume(2), "the second yield");
          }
        });
    Check.scenario("collect garbage", System::gc);
    Check.scenario(
        "close half of them, end the others",
        () -> {
          for (int i = 0; i < count; i++) {
            if (i % 2 == 0) {
              live.get(i).close();
            } else {
              Check.equal(i + 3, live.get(i).resume(3), "the return");
            }
            Check.that(live.get(i).isDone(), "not done");
          }
          Check.equal(count, unwound[0], "bodies that ended");
        });
  }

  private static boolean starts(Coroutine<Integer, Integer> c, int number) {
    try {
      Check.equal(number + 1, c.resume(1), "the first yield");
      return true;
    } catch (CoroutineLimitException e) {
      return false;
    }
  }
}
