package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.concurrent.FutureTask;

/**
 * Very many coroutines, all suspended at once, and what each of them costs.
 *
 * <p>Arguments: the engine; how many. Every coroutine is resumed twice with all of them suspended,
 * and then closed or resumed to its end.
 */
public final class MillionSuspended {
  private MillionSuspended() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    Engine engine = Engine.valueOf(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    FutureTask<?> all =
        new FutureTask<>(
            () -> {
              run(engine, count);
              return null;
            });
    // Between virtual threads a handoff needs no other kernel thread to be woken.
    Thread.Builder builder =
        engine == Engine.VIRTUAL_THREAD ? Thread.ofVirtual() : Thread.ofPlatform();
    builder.start(all);
    all.get();
  }

  private static void run(Engine engine, int count) throws Exception {
    runOne(engine); // what is there once, however many there are, is no coroutine's cost
    Cost before = Cost.now();
    @SuppressWarnings({"unchecked", "rawtypes"})
    Coroutine<Integer, Integer>[] suspended = new Coroutine[count];
    int[] unwound = {0};
    Check.scenario(
        "make and resume " + count,
        () -> {
          for (int i = 0; i < count; i++) {
            suspended[i] = make(engine, i, unwound);
            Check.equal(i + 1, suspended[i].resume(1), "the first yield");
          }
        });
    Cost after = Cost.now();
    System.out.println("each: " + after.minus(before).dividedBy(count));
    Check.scenario(
        "resume them",
        () -> {
          for (int i = 0; i < count; i++) {
            Check.equal(i + 2, suspended[i].resume(2), "the second yield");
          }
        });
    Check.equal(0, unwound[0], "bodies that ended early");
    Check.scenario(
        "close half of them, end the others",
        () -> {
          for (int i = 0; i < count; i++) {
            if (i % 2 == 0) {
              suspended[i].close();
            } else {
              Check.equal(i + 3, suspended[i].resume(3), "the return");
            }
            Check.that(suspended[i].isDone(), "not done");
          }
        });
    Check.equal(count, unwound[0], "bodies that ended");
    System.out.println("ended " + count);
  }

  private static Coroutine<Integer, Integer> make(Engine engine, int number, int[] unwound) {
    return Coroutine.builder()
        .engine(engine)
        .build(
            (self, first) -> {
              try {
                return number + self.yield(number + self.yield(number + first));
              } finally {
                unwound[0]++;
              }
            });
  }

  private static void runOne(Engine engine) {
    try (Coroutine<Integer, Integer> one = make(engine, 0, new int[1])) {
      Check.equal(1, one.resume(1), "the first coroutine's yield");
    }
  }
}
