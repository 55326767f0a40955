package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Engine;
import dev.stackful.fiber.Fiber.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What blocking calls promise, whatever the engine. */
abstract class BlockingContract extends FiberTesting {
  private static final Duration DAY = Duration.ofDays(1);

  BlockingContract(Engine engine) {
    super(engine);
  }

  @Test
  void othersGoOnWhileAFiberWaitsForABlockingCall() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    runtime.spawn(
        () -> {
          log(
              Fiber.blocking(
                  () -> {
                    latch.await();
                    return "virtual: "
                        + Thread.currentThread().isVirtual()
                        + ", "
                        + Fiber.current();
                  }));
          return null;
        });
    runtime.launch(
        () -> {
          Fiber.yieldNow();
          log("meanwhile");
          latch.countDown();
        });
    runtime.run();
    assertEquals(List.of("meanwhile", "virtual: true, Optional.empty"), log);
  }

  @Test
  void whatTheCallThrowsComesOutAsItIs() throws Exception {
    IOException thrown = new IOException("checked");
    run(
        () ->
            assertSame(
                thrown,
                assertThrows(
                    IOException.class,
                    () ->
                        Fiber.blocking(
                            () -> {
                              throw thrown;
                            }))));
  }

  @Test
  void aCancellationInterruptsTheCallAndWaitsForItsEnd() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    Fiber<?> fiber =
        runtime.spawn(
            () ->
                Fiber.blocking(
                    () -> {
                      try {
                        begun.countDown();
                        Thread.sleep(DAY);
                        return "slept";
                      } finally {
                        ended.set(true);
                      }
                    }));
    run(
        () -> {
          Fiber.yieldNow();
          await(begun);
          fiber.cancel();
          assertThrows(CancellationException.class, fiber::join);
          assertTrue(ended.get());
        });
    assertEquals(State.CANCELLED, fiber.state());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTimeOutInterruptsTheCall() throws Exception {
    run(
        () ->
            assertThrows(
                FiberTimeoutException.class,
                () ->
                    Fiber.timeout(
                        Duration.ofMillis(1),
                        () ->
                            Fiber.blocking(
                                () -> {
                                  Thread.sleep(DAY);
                                  return "";
                                }))));
  }

  @Test
  void anExecutorMayRunTheCallAndItsThreadIsNotLeftInterrupted() throws Exception {
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      CountDownLatch begun = new CountDownLatch(1);
      Fiber<?> cancelled =
          runtime.spawn(
              () ->
                  Fiber.blocking(
                      executor,
                      () -> {
                        begun.countDown();
                        while (!Thread.currentThread().isInterrupted()) {
                          Thread.onSpinWait();
                        }
                        return "";
                      }));
      Fiber<?> notBegun =
          runtime.spawn(
              () ->
                  Fiber.blocking(
                      executor,
                      () -> {
                        log("never runs");
                        return "";
                      }));
      run(
          () -> {
            Fiber.yieldNow();
            await(begun);
            notBegun.cancel();
            Fiber.yieldNow();
            cancelled.cancel();
            assertThrows(CancellationException.class, cancelled::join);
            assertThrows(CancellationException.class, notBegun::join);
            assertFalse(Fiber.blocking(executor, () -> Thread.currentThread().isInterrupted()));
            log(Fiber.blocking(Runnable::run, () -> "here"));
          });
    }
    ExecutorService closed = Executors.newSingleThreadExecutor();
    closed.close();
    run(
        () ->
            assertThrows(RejectedExecutionException.class, () -> Fiber.blocking(closed, () -> "")));
    assertEquals(List.of("here"), log);
  }

  @Test
  void closeInterruptsACallAndDoesNotWaitForIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Fiber<?> fiber =
        runtime.spawn(
            () ->
                Fiber.blocking(
                    () -> {
                      begun.countDown();
                      try {
                        Thread.sleep(DAY);
                      } catch (InterruptedException e) {
                        end.await(); // takes its time
                      }
                      return "";
                    }));
    runtime.runRound();
    begun.await();
    runtime.close();
    assertEquals(State.CANCELLED, fiber.state());
    end.countDown();
  }

  @Test
  void outsideOfAFiberACallIsRefused() {
    assertThrows(IllegalStateException.class, () -> Fiber.blocking(() -> ""));
  }

  @Test
  void aCallThatHasNotBegunIsNotWaitedForAndNeverBegins() throws Exception {
    List<Runnable> tasks = new ArrayList<>();
    run(
        () ->
            assertThrows(
                FiberTimeoutException.class,
                () ->
                    Fiber.timeout(
                        DAY,
                        () ->
                            Fiber.blocking(
                                tasks::add,
                                () -> {
                                  log("begun");
                                  return "";
                                }))));
    tasks.forEach(Runnable::run);
    assertEquals(DAY, runtime.now());
    assertEquals(List.of(), log);
  }
}
