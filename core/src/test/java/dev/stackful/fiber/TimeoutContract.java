package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Engine;
import dev.stackful.fiber.Fiber.State;
import dev.stackful.fiber.FiberScope.Joiner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What time-outs promise, whatever the engine. */
abstract class TimeoutContract extends FiberTesting {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  TimeoutContract(Engine engine) {
    super(engine);
  }

  @Test
  void whatEndsInTimeGivesItsResultAndLeavesNoTimer() throws Exception {
    run(
        () -> {
          assertEquals("result", Fiber.timeout(DAY, () -> slowly("result")));
          Fiber.runWithin(SECOND, () -> log("no result"));
        });
    assertEquals(List.of("no result"), log);
    assertEquals(SECOND, runtime.now());
  }

  private static String slowly(String result) {
    Fiber.sleep(SECOND);
    return result;
  }

  @Test
  void whatTakesLongerIsUnwoundAndMaySuspendMeanwhile() throws Exception {
    run(
        () -> {
          FiberTimeoutException e =
              assertThrows(
                  FiberTimeoutException.class,
                  () ->
                      Fiber.runWithin(
                          SECOND,
                          () -> {
                            try {
                              Fiber.sleep(DAY);
                            } catch (RuntimeException r) {
                              log("caught");
                            } finally {
                              Fiber.sleep(SECOND);
                              log("cleaned up at " + runtime.now());
                            }
                          }));
          assertTrue(e.getMessage().contains("PT1S"), e.getMessage());
          Fiber.sleep(DAY); // nothing of it is left
        });
    assertEquals(List.of("cleaned up at PT2S"), log);
    assertEquals(DAY.plusSeconds(2), runtime.now());
  }

  @Test
  void whatWasWaitedForIsLeftAsIfItHadNotBeenTried() throws Exception {
    Channel<String> empty = Channel.rendezvous();
    Channel<String> full = Channel.bounded(1);
    CompletableFuture<String> stage = new CompletableFuture<>();
    Fiber<String> other = runtime.spawn(() -> slowly(slowly("other")));
    run(
        () -> {
          full.send("kept");
          timesOut(empty::receive);
          timesOut(() -> full.send("never sent"));
          timesOut(() -> empty.send("never sent"));
          timesOut(() -> Fiber.await(stage));
          timesOut(other::join);
          timesOut(() -> Select.create().onReceive(empty, x -> x).select());
          assertFalse(empty.trySend("nobody waits"));
          assertFalse(empty.tryReceive(x -> log("nobody sends")));
          assertEquals("kept", full.receive());
          assertFalse(full.tryReceive(x -> log("no more")));
          assertEquals("other", other.join());
        });
    assertFalse(stage.isDone());
    assertEquals(List.of(), log);
  }

  private static void timesOut(Runnable wait) {
    assertThrows(FiberTimeoutException.class, () -> Fiber.runWithin(Duration.ofMillis(1), wait));
  }

  @Test
  void joinAndAwaitTakeADuration() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Fiber<String> slow = runtime.spawn("slow", () -> slowly("slow result"));
    run(
        () -> {
          String message =
              assertThrows(FiberTimeoutException.class, () -> slow.joinWithin(Duration.ofMillis(1)))
                  .getMessage();
          assertTrue(message.contains("slow") && message.contains("PT0.001S"), message);
          assertThrows(FiberTimeoutException.class, () -> Fiber.await(stage, Duration.ofMillis(1)));
          assertEquals("slow result", slow.joinWithin(DAY));
          stage.complete("complete");
          assertEquals("complete", Fiber.await(stage, Duration.ZERO));
        });
    assertEquals("slow result", slow.joinWithin(Duration.ZERO)); // anybody, once it has ended
    assertEquals(SECOND, runtime.now());
  }

  @Test
  void theInnerOfTwoTimeOutsComesFirstIfItIsShorter() throws Exception {
    run(
        () ->
            Fiber.runWithin(
                DAY,
                () -> {
                  timesOut(() -> Fiber.sleep(SECOND));
                  log("went on at " + runtime.now());
                  Fiber.sleep(SECOND);
                }));
    assertEquals(List.of("went on at PT0.001S"), log);
  }

  @Test
  void theOuterOfTwoTimeOutsEndsBothIfItIsNotLonger() throws Exception {
    for (Duration inner : List.of(SECOND, DAY)) {
      run(
          () ->
              assertThrows(
                  FiberTimeoutException.class,
                  () ->
                      Fiber.timeout(
                          SECOND,
                          () -> {
                            assertThrows(
                                FiberCancelled.class,
                                () ->
                                    Fiber.runWithin(
                                        inner,
                                        () -> {
                                          try {
                                            Fiber.sleep(DAY);
                                          } finally {
                                            Fiber.sleep(Duration.ofMillis(10));
                                          }
                                        }));
                            Fiber.yieldNow(); // it was thrown once
                            throw new FiberTimeoutException("passed on", inner);
                          })));
    }
  }

  @Test
  void aTimeOutComesThoughOneAroundItHasPassed() throws Exception {
    Channel<String> never = Channel.rendezvous();
    run(
        () ->
            timesOut(
                () -> {
                  try {
                    never.receive();
                  } finally {
                    timesOut(never::receive);
                    log("began meanwhile: " + runtime.now());
                  }
                }));
    run(
        () ->
            timesOut(
                () ->
                    Fiber.runWithin(
                        Duration.ofMillis(2),
                        () -> {
                          try {
                            never.receive();
                          } finally {
                            try {
                              never.receive();
                            } finally {
                              log("began before: " + runtime.now());
                            }
                          }
                        })));
    assertEquals(List.of("began meanwhile: PT0.002S", "began before: PT0.004S"), log);
  }

  @Test
  void ofTimeOutsThatPassBeforeTheFiberNoticesTheOutermostCounts() throws Exception {
    run(
        () ->
            timesOut(
                () -> {
                  var scope = FiberScope.open(Joiner.<String>awaitAll());
                  scope.fork(this::cleansUpForASecond);
                  Fiber.yieldNow();
                  Runnable closes =
                      () -> {
                        assertThrows(IllegalStateException.class, scope::close); // not joined
                        Fiber.yieldNow();
                      };
                  Duration twoMillis = Duration.ofMillis(2);
                  FiberCancelled thrown =
                      assertThrows(FiberCancelled.class, () -> Fiber.runWithin(twoMillis, closes));
                  Fiber.yieldNow(); // it was thrown once
                  log("noticed at " + runtime.now());
                  throw thrown;
                }));
    assertEquals(List.of("noticed at PT1S"), log);
  }

  private String cleansUpForASecond() {
    try {
      return slowly(slowly("too late"));
    } finally {
      Fiber.sleep(SECOND);
    }
  }

  @Test
  void whatDoesNotSuspendAfterItsTimeHasEndedInTime() throws Exception {
    run(
        () -> {
          assertEquals(
              "result",
              Fiber.timeout(
                  Duration.ZERO,
                  () -> {
                    log("runs");
                    return "result";
                  }));
          Fiber.yieldNow(); // the time-out is over
        });
    assertEquals(List.of("runs"), log);
  }

  @Test
  void aCancellationGoesBeforeATimeOut() throws Exception {
    Fiber<?> fiber =
        runtime.launch(
            () -> {
              try {
                Fiber.runWithin(
                    SECOND,
                    () -> {
                      try {
                        Fiber.sleep(DAY);
                      } finally {
                        Fiber.current().orElseThrow().cancel();
                      }
                    });
              } catch (FiberTimeoutException e) {
                log("timed out");
              }
            });
    Fiber<?> cancelled = runtime.launch(() -> Fiber.runWithin(DAY, () -> Fiber.sleep(DAY)));
    run(
        () -> {
          cancelled.cancel();
          assertThrows(CancellationException.class, cancelled::join);
          assertThrows(CancellationException.class, fiber::join);
        });
    assertEquals(List.of(), log);
    assertEquals(State.CANCELLED, fiber.state());
    assertEquals(SECOND, runtime.now());
  }

  @Test
  void whatTheCodeThrowsComesOutAsItIs() throws Exception {
    run(
        () ->
            assertThrows(
                IOException.class,
                () ->
                    Fiber.timeout(
                        SECOND,
                        () -> {
                          throw new IOException("checked");
                        })));
    run(
        () ->
            assertThrows(
                IllegalArgumentException.class,
                () ->
                    Fiber.runWithin(
                        SECOND,
                        () -> {
                          try {
                            Fiber.sleep(DAY);
                          } finally {
                            FiberContract.fail();
                          }
                        })));
  }

  @Test
  void aScopeMayHaveATimeOut() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.open(Joiner.<String>awaitAll(), SECOND)) {
            Fiber<String> slow = scope.fork(() -> slowly(slowly("too late")));
            Fiber<String> fast = scope.fork(() -> "in time");
            assertThrows(FiberTimeoutException.class, scope::join);
            assertEquals("in time", fast.join());
            log("timed out at " + runtime.now());
            assertThrows(CancellationException.class, slow::join);
          }
          try (var scope = FiberScope.open(Joiner.<String>allSuccessfulOrThrow(), DAY)) {
            scope.fork(() -> slowly("in time"));
            log(scope.join().toString());
          }
          try (var _ = FiberScope.open(Joiner.<String>allSuccessfulOrThrow(), DAY)) {
            log("closed without a fork");
          }
          try (var scope = FiberScope.open(Joiner.<String>anySuccessfulOrThrow(), DAY)) {
            scope.fork(() -> slowly("one"));
            scope.fork(() -> slowly(slowly("two")));
            log(scope.join());
          }
        });
    assertEquals(List.of("timed out at PT1S", "[in time]", "closed without a fork", "one"), log);
    assertEquals(Duration.ofSeconds(3), runtime.now()); // no timer is left
  }

  @Test
  void theTimeOutOfAScopeCountsThoughItsOwnerWaitsElsewhere() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.open(Joiner.<String>awaitAll(), SECOND)) {
            Fiber<String> slow = scope.fork(() -> slowly(slowly(slowly("too late"))));
            Fiber.sleep(SECOND.multipliedBy(2));
            assertEquals(State.CANCELLED, slow.state());
            assertThrows(FiberTimeoutException.class, scope::join);
          }
        });
  }

  @Test
  void withTheRealClockATimeOutComesToo() throws Exception {
    try (FiberRuntime real = FiberRuntime.builder().engine(engine).build()) {
      real.spawn(
          () ->
              assertThrows(
                  FiberTimeoutException.class,
                  () -> Fiber.await(new CompletableFuture<>(), Duration.ofMillis(5))));
      real.spawn(
          () ->
              assertThrows(
                  FiberTimeoutException.class,
                  () ->
                      Fiber.timeout(
                          Duration.ofMillis(5),
                          () -> {
                            while (true) {
                              Fiber.yieldNow();
                            }
                          })));
      real.run();
    }
  }

  @Test
  void timeOutsAreForFibersAndNotNegative() throws Exception {
    assertThrows(IllegalStateException.class, () -> Fiber.runWithin(SECOND, () -> log("ran")));
    run(
        () -> {
          Duration negative = Duration.ofNanos(-1);
          Fiber<?> me = Fiber.current().orElseThrow();
          assertThrows(
              IllegalArgumentException.class, () -> Fiber.runWithin(negative, () -> log("ran")));
          assertThrows(IllegalArgumentException.class, () -> me.joinWithin(negative));
          assertThrows(
              IllegalArgumentException.class, () -> FiberScope.open(Joiner.awaitAll(), negative));
        });
    assertEquals(List.of(), log);
  }
}
