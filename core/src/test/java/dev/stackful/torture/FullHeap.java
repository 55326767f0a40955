package dev.stackful.torture;

import dev.stackful.Engine;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberRuntime;
import dev.stackful.fiber.FiberScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The heap is full when a fiber ends: whoever waits for it learns of that all the same. The
 * argument is the engine.
 */
public final class FullHeap {
  /** More than the runtime has room for before it has seen so many. */
  private static final int WAITING = 200;

  private static final Duration LONG = Duration.ofDays(1);

  /** What fills the heap: arrays, the first of whose elements is the one before. */
  private static Object @Nullable [] hog;

  private final Engine engine;
  private final boolean fills;

  private FullHeap(Engine engine, boolean fills) {
    this.engine = engine;
    this.fills = fills;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    Engine engine = Engine.valueOf(arguments[0]);
    fill();
    hog = null;
    for (boolean fills : new boolean[] {false, true}) { // once without, to load the classes
      FullHeap here = new FullHeap(engine, fills);
      Check.scenario("joiners, " + fills, here::allWhoJoinAreWoken);
      Check.scenario("a future, " + fills, here::theFutureIsComplete);
    }
  }

  private static void fill() {
    for (int length = 1 << 18; length > 0; length /= 2) {
      try {
        while (true) {
          Object[] more = new Object[length];
          more[0] = hog;
          hog = more;
        }
      } catch (OutOfMemoryError e) {
        // then smaller ones
      }
    }
  }

  private String fillAtTheEnd() {
    if (fills) {
      fill();
    }
    return "value";
  }

  private void allWhoJoinAreWoken() throws Exception {
    int[] woken = {0};
    FiberRuntime runtime = FiberRuntime.builder().engine(engine).build();
    Fiber<String> joined =
        runtime.spawn(
            () -> {
              for (int i = 0; i < WAITING; i++) {
                Fiber.yieldNow();
              }
              return fillAtTheEnd();
            });
    runtime.launch(
        () -> {
          for (int i = 0; i < WAITING; i++) {
            runtime.launch(
                () -> {
                  joined.join();
                  woken[0]++;
                });
            if (i % 8 == 0) {
              Fiber.yieldNow(); // so that few are ready at a time
            }
          }
        });
    runToTheEnd(runtime);
    Check.equal(WAITING, woken[0], "how many were woken");
    runtime.close();
  }

  private void theFutureIsComplete() throws Exception {
    List<CompletableFuture<String>> future = new ArrayList<>();
    FiberRuntime runtime = FiberRuntime.builder().engine(engine).build();
    runtime.launch(
        () -> {
          try (FiberScope<String, String> scope =
              FiberScope.open(FiberScope.Joiner.anySuccessfulOrThrow())) {
            Fiber<String> first =
                scope.fork(
                    () -> {
                      Fiber.yieldNow();
                      return fillAtTheEnd();
                    });
            future.add(first.toCompletableFuture());
            for (int i = 0; i < WAITING; i++) { // to cancel them takes memory
              scope.launch(() -> Fiber.sleep(LONG));
            }
            scope.join();
          }
        });
    runToTheEnd(runtime);
    Check.that(future.getFirst().isDone(), "the future is not complete");
    runtime.close();
  }

  private static void runToTheEnd(FiberRuntime runtime) throws InterruptedException {
    boolean run = false;
    while (!run) {
      try {
        runtime.run();
        run = true;
      } catch (OutOfMemoryError e) {
        hog = null;
      }
    }
    hog = null;
  }
}
