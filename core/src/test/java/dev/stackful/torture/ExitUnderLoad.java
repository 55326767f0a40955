package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ends the JVM in one of several ways while coroutines are suspended, and while threads of both
 * kinds go on to resume others.
 */
final class ExitUnderLoad {
  private static final AtomicLong RESUMES = new AtomicLong();

  private ExitUnderLoad() {}

  /** Runs it; all but one of the ways don't come back. */
  @SuppressWarnings("SystemExitOutsideMain")
  static long run(long seconds, long seed) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    List<Coroutine<Integer, Integer>> suspended = new ArrayList<>();
    for (int i = random.nextInt(300); i > 0; i--) {
      Coroutine<Integer, Integer> c = counter();
      c.resume(0);
      suspended.add(c);
    }
    RESUMES.addAndGet(suspended.size());
    for (int i = 0; i < 2; i++) {
      Thread.ofPlatform().daemon().start(ExitUnderLoad::resumeForEver);
      Thread.ofVirtual().start(ExitUnderLoad::resumeForEver);
      Thread.ofPlatform().daemon().start(ExitUnderLoad::spawnForEver);
    }
    Thread.sleep(random.nextInt(100));
    int way = random.nextInt(5);
    System.out.println("ends in the way " + way + " with " + suspended.size() + " suspended");
    Coroutine<Integer, Integer> last =
        Coroutine.of(
            (self, first) -> {
              reportAndExit();
              return first;
            });
    switch (way) {
      case 0 -> {
        return 2 * RESUMES.get(); // main returns
      }
      case 1 -> reportAndExit();
      case 2 -> {
        TortureJvm.report(2 * RESUMES.get());
        System.out.flush();
        Runtime.getRuntime().halt(0);
      }
      case 3 -> last.resume(0);
      default -> {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> use(suspended)));
        last.resume(0);
      }
    }
    throw new AssertionError("came back from the exit");
  }

  @SuppressWarnings("SystemExitOutsideMain")
  private static void reportAndExit() {
    TortureJvm.report(2 * RESUMES.get());
    System.exit(0);
  }

  private static Coroutine<Integer, Integer> counter() {
    return Coroutine.of(
        (self, first) -> {
          for (int i = 0; ; i++) {
            self.yield(i);
          }
        });
  }

  private static void resumeForEver() {
    while (true) {
      Coroutine<Integer, Integer> c = counter();
      for (int i = 0; i < 100; i++) {
        Check.equal(i, c.resume(0), "the count");
        RESUMES.incrementAndGet();
      }
      c.close();
    }
  }

  /** Fibers that end, each of which another follows: a new one, or one that waits for its end. */
  private static void spawnForEver() {
    try (FiberRuntime runtime = FiberRuntime.create()) {
      runtime.launch(
          () -> {
            while (true) {
              runtime.launch(() -> RESUMES.incrementAndGet());
              runtime.launch(Fiber::yieldNow);
              runtime.launch(() -> RESUMES.incrementAndGet()).join();
            }
          });
      runtime.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A shutdown hook may still resume what it holds, and close it. */
  private static void use(List<Coroutine<Integer, Integer>> suspended) {
    try {
      for (Coroutine<Integer, Integer> c : suspended) {
        Check.equal(1, c.resume(0), "the count in a hook");
        c.close();
      }
    } catch (Throwable t) {
      System.out.println("FAILED: in a hook");
      t.printStackTrace(System.out);
    }
  }
}
