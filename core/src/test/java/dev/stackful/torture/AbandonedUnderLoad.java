package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.ForcedUnwind;
import dev.stackful.Yielder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two threads abandon coroutines while two others resume theirs all the time: every abandoned one
 * is unwound, however its body takes that, and none that somebody holds is.
 *
 * <p>Arguments: how many each abandons; the engine.
 */
public final class AbandonedUnderLoad {
  private static final AtomicInteger UNWOUND = new AtomicInteger();
  private static final AtomicLong RESUMES = new AtomicLong();
  private static final AtomicBoolean OVER = new AtomicBoolean();

  private AbandonedUnderLoad() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    run(Integer.parseInt(arguments[0]), Engine.valueOf(arguments[1]));
  }

  /** Runs it on the native engine, and says how many switches that took. */
  static long run(int each) throws Exception {
    UNWOUND.set(0);
    RESUMES.set(0);
    OVER.set(false);
    run(each, Engine.NATIVE);
    return 2 * RESUMES.get();
  }

  private static void run(int each, Engine engine) throws Exception {
    AtomicInteger failures = new AtomicInteger();
    List<Thread> abandoning = new ArrayList<>();
    List<Thread> resuming = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      abandoning.add(start(failures, () -> abandon(each, engine)));
      resuming.add(start(failures, () -> resumeUntilOver(engine)));
    }
    for (Thread thread : abandoning) {
      thread.join();
    }
    Check.await(
        "all are unwound",
        () -> {
          System.gc();
          return UNWOUND.get() >= 2 * each || failures.get() > 0;
        });
    OVER.set(true);
    for (Thread thread : resuming) {
      thread.join();
    }
    Check.equal(0, failures.get(), "failures");
    System.out.println("unwound " + UNWOUND.get());
  }

  private static Thread start(AtomicInteger failures, Check.Scenario scenario) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                scenario.run();
              } catch (Throwable t) {
                t.printStackTrace();
                failures.incrementAndGet();
              }
            });
  }

  private static void abandon(int count, Engine engine) {
    for (int i = 0; i < count; i++) {
      int kind = i % 50;
      Coroutine<Object, Object> c =
          Coroutine.builder()
              .engine(engine)
              .build(
                  (self, first) -> {
                    try {
                      return self.yield("suspended");
                    } finally {
                      unwind(kind, self, engine);
                    }
                  });
      Check.equal("suspended", c.resume(""), "the first yield");
      RESUMES.incrementAndGet();
      if (kind == 0) {
        System.gc();
      }
    }
  }

  /** What bodies do in a finally block, some of which they should not. */
  private static void unwind(int kind, Yielder<Object, Object> self, Engine engine) {
    switch (kind) {
      case 1, 2, 3 -> {
        try {
          self.yield("again");
        } catch (ForcedUnwind u) {
          // the first passes, and this one doesn't
        }
      }
      case 4, 5, 6 -> {
        Coroutine<Object, Object> inner =
            Coroutine.builder().engine(engine).build((its, first) -> its.yield(first));
        Check.equal("inner", inner.resume("inner"), "a coroutine of the reaper's");
        inner.close();
      }
      case 7 -> Thread.currentThread().interrupt();
      default -> {}
    }
    UNWOUND.incrementAndGet();
    if (kind == 8) {
      throw new IllegalStateException("expected: thrown by a finally block");
    }
  }

  private static void resumeUntilOver(Engine engine) {
    AtomicInteger unwound = new AtomicInteger();
    List<Coroutine<Object, Object>> held = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      held.add(
          Coroutine.builder()
              .engine(engine)
              .build(
                  (self, first) -> {
                    try {
                      Object value = first;
                      while (true) {
                        value = self.yield(value);
                      }
                    } finally {
                      unwound.incrementAndGet();
                    }
                  }));
    }
    for (int round = 0; !OVER.get(); round++) {
      for (Coroutine<Object, Object> c : held) {
        Check.equal(round, c.resume(round), "what a live one yields");
      }
      RESUMES.addAndGet(held.size());
    }
    Check.equal(0, unwound.get(), "live ones unwound");
    held.forEach(Coroutine::close);
    Check.equal(held.size(), unwound.get(), "live ones closed");
  }
}
