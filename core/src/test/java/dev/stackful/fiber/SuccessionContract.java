package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A fiber that ends leaves its place to another, which may begin where it stood: the other can't
 * tell.
 */
abstract class SuccessionContract extends FiberTesting {
  private static final int MANY = 1_000;

  SuccessionContract(Engine engine) {
    super(engine);
  }

  @Test
  void nothingOfAFiberIsLeftForTheNext() throws Exception {
    ThreadLocal<String> local = new ThreadLocal<>();
    ClassLoader own = new ClassLoader() {};
    ClassLoader given = new ClassLoader() {};
    runtime.launch(
        () -> {
          local.set("the first one's");
          Thread.currentThread().setContextClassLoader(own);
          Thread.currentThread().interrupt();
        });
    runtime.launch(
        () -> {
          assertNull(local.get());
          assertFalse(Thread.interrupted());
          assertSame(given, Thread.currentThread().getContextClassLoader());
        });
    Thread runner = Thread.currentThread();
    ClassLoader before = runner.getContextClassLoader();
    runner.setContextClassLoader(given);
    try {
      runtime.run();
    } finally {
      runner.setContextClassLoader(before);
    }
  }

  /** What came from other threads is done between the two, and may call anybody. */
  @Test
  void nothingIsLeftOfWhatIsDoneInBetween() throws Exception {
    ThreadLocal<String> local = new ThreadLocal<>();
    Channel<String> channel = Channel.bounded(1);
    try (ChannelEndpoint<String> endpoint = runtime.endpoint(channel)) {
      runtime.launch(
          () -> {
            Thread other =
                Thread.ofPlatform()
                    .start(() -> endpoint.sendAsync("").thenRun(() -> local.set("of another")));
            try {
              other.join();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      runtime.launch(() -> {}); // after the first the element is taken in, after this it is told
      runtime.launch(() -> log(local.get() + channel.receive()));
      runtime.runRound();
    }
    assertEquals(List.of("null"), log);
  }

  @Test
  void eachHasItsOwnNameStackTraceAndCoroutine() throws Exception {
    List<Fiber<?>> fibers = new ArrayList<>();
    Set<Coroutine<?, ?>> coroutines = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      String name = "named " + i;
      fibers.add(runtime.launch(() -> coroutines.add(Coroutine.current().orElseThrow())));
      fibers.add(
          runtime.launch(
              name,
              () -> {
                assertEquals(name, Thread.currentThread().getName());
                Fiber.yieldNow();
              }));
    }
    assertEquals("fiber-1", fibers.getFirst().name());
    assertEquals(FiberRuntime.Progress.READY, runtime.runRound());
    assertEquals(3, coroutines.size());
    for (Coroutine<?, ?> coroutine : coroutines) {
      assertTrue(coroutine.isDone());
      assertEquals(0, coroutine.stackTrace().length);
    }
    assertEquals(
        Set.of("fiber-1", "fiber-3", "fiber-5"),
        new HashSet<>(coroutines.stream().map(Coroutine::name).toList()));
    runtime.run();
  }

  @Test
  void aBodyBeginsAsHighOnItsStackAsAnyOther() throws Exception {
    Set<Integer> depths = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      runtime.launch(() -> depths.add(new Throwable().getStackTrace().length));
    }
    runtime.run();
    assertEquals(1, depths.size(), depths::toString);
  }

  @Test
  void oneThatEndsGoesOverToOneThatStandsInTheMiddle() throws Exception {
    Fiber<Integer> sum =
        runtime.spawn(
            () -> {
              int joined = 0;
              for (int i = 0; i < MANY; i++) {
                int number = i;
                joined += runtime.spawn(() -> number).join();
              }
              return joined;
            });
    runtime.run();
    assertEquals(IntStream.range(0, MANY).sum(), sum.join());
  }

  @Test
  void aRoundGivesEachItsTurnAndNoMore() {
    for (int i = 0; i < 3; i++) {
      String name = "new " + i;
      runtime.launch(
          () -> {
            log(name);
            runtime.launch(() -> log("next round's"));
          });
    }
    runtime.runRound();
    assertEquals(List.of("new 0", "new 1", "new 2"), log);
    runtime.runRound();
    assertEquals(6, log.size());
  }

  @Test
  void aFailureAndACancellationAreEachTheirOwn() throws Exception {
    List<Fiber<?>> fibers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      fibers.add(
          runtime.launch(
              () -> {
                throw new IllegalStateException("as it should");
              }));
      fibers.add(runtime.launch(() -> Fiber.sleep(Duration.ofDays(1))));
      fibers.add(runtime.launch(() -> {}));
    }
    runtime.launch(
        () -> {
          for (int i = 1; i < 9; i += 3) {
            fibers.get(i).cancel();
          }
          for (int i = 0; i < 9; i += 3) {
            try {
              fibers.get(i).join();
            } catch (FiberFailedException e) {
              log("failed");
            }
          }
        });
    runtime.run();
    assertEquals(List.of("failed", "failed", "failed"), log);
    for (int i = 0; i < 9; i += 3) {
      assertEquals(Fiber.State.FAILED, fibers.get(i).state());
      assertEquals(Fiber.State.CANCELLED, fibers.get(i + 1).state());
      assertEquals(Fiber.State.SUCCEEDED, fibers.get(i + 2).state());
    }
  }

  @Test
  void aRuntimeInsideOfAFiberComesBackToIt() throws Exception {
    run(
        () -> {
          try (FiberRuntime inner = FiberRuntime.builder().engine(engine).build()) {
            for (int i = 0; i < 10; i++) {
              inner.launch(
                  () -> {
                    log("inner");
                    Fiber.yieldNow();
                  });
              inner.launch(() -> log("inner"));
            }
            inner.run();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          log("outer");
        });
    assertEquals(21, log.size());
    assertEquals("outer", log.getLast());
  }
}
