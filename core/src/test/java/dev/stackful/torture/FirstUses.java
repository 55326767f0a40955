package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberRuntime;
import dev.stackful.internal.engine.StartupChecks;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several threads use the library for the first time at once, each in another way, while its own
 * thread initializes classes beside them: a circle of initializers would be a deadlock.
 */
public final class FirstUses {
  private FirstUses() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    List<Check.Scenario> uses = new ArrayList<>();
    uses.add(() -> Check.that(!StartupChecks.results().isEmpty(), "checks"));
    uses.add(() -> Check.that(Engine.preferred().isAvailable(), "an engine"));
    uses.add(
        () -> {
          try (FiberRuntime runtime = FiberRuntime.create()) {
            Fiber<String> fiber = runtime.spawn("first", () -> "done");
            runtime.run();
            Check.equal("done", fiber.join(), "a fiber's result");
          }
        });
    for (Engine engine : Engine.values()) {
      if (engine != Engine.NATIVE || arguments.length > 0) {
        uses.add(() -> coroutine(engine));
        uses.add(() -> generator(engine));
        uses.add(() -> onVirtualThread(engine));
      }
    }
    CyclicBarrier start = new CyclicBarrier(uses.size());
    AtomicInteger failures = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (Check.Scenario use : uses) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      start.await();
                      use.run();
                    } catch (Throwable t) {
                      t.printStackTrace();
                      failures.incrementAndGet();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Check.equal(0, failures.get(), "failures");
  }

  private static void coroutine(Engine engine) {
    Coroutine<String, String> c =
        Coroutine.builder().engine(engine).build((self, first) -> self.yield(first) + "!");
    Check.equal("a", c.resume("a"), "the yield");
    Check.equal("b!", c.resume("b"), "the result");
  }

  private static void generator(Engine engine) {
    Iterator<String> elements =
        Generator.<String>of(scope -> scope.yield("first"))
            .with(Coroutine.builder().engine(engine))
            .iterator();
    Check.equal("first", elements.next(), "the first element");
    Check.that(!elements.hasNext(), "there is but one");
  }

  private static void onVirtualThread(Engine engine) throws InterruptedException {
    boolean[] done = new boolean[1];
    Thread.ofVirtual()
        .start(
            () -> {
              coroutine(engine);
              done[0] = true;
            })
        .join();
    Check.that(done[0], "done on a virtual thread");
  }
}
