package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.NotResumableException;
import dev.stackful.Yielder;
import dev.stackful.fiber.Fiber.State;
import dev.stackful.fiber.FiberScope.Joiner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link Fiber} promises, whatever the engine. */
abstract class FiberContract extends FiberTesting {
  private static final Duration SECOND = Duration.ofSeconds(1);

  FiberContract(Engine engine) {
    super(engine);
  }

  // ---- turns and time -----------------------------------------------------------------------

  @Test
  void yieldNowLetsTheOthersRunFirstInFirstOut() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      runtime.launch(
          () -> {
            for (int i = 0; i < 3; i++) {
              log(name + i);
              Fiber.yieldNow();
            }
          });
    }
    runtime.run();
    assertEquals(List.of("a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"), log);
  }

  @Test
  void aFiberMayYieldAloneAndFromAnyDepth() throws Exception {
    run(() -> assertEquals(55, sumYielding(10)));
  }

  private static int sumYielding(int n) {
    Fiber.yieldNow();
    return n == 0 ? 0 : n + sumYielding(n - 1);
  }

  @Test
  void sleepersWakeInTheOrderOfTheirDeadlinesAndEqualOnesInTheOrderOfTheirSleeps()
      throws Exception {
    int[] seconds = {3, 1, 2, 1, 3, 86_400};
    for (int i = 0; i < seconds.length; i++) {
      String name = seconds[i] + "s#" + i;
      Duration duration = Duration.ofSeconds(seconds[i]);
      runtime.launch(
          () -> {
            Fiber.sleep(duration);
            log(name + " at " + runtime.now());
          });
    }
    runtime.run();
    assertEquals(
        List.of(
            "1s#1 at PT1S",
            "1s#3 at PT1S",
            "2s#2 at PT2S",
            "3s#0 at PT3S",
            "3s#4 at PT3S",
            "86400s#5 at PT24H"),
        log);
  }

  @Test
  void aSleepOfZeroIsAYieldAndANegativeOneIsRefused() throws Exception {
    runtime.launch(
        () -> {
          assertThrows(IllegalArgumentException.class, () -> Fiber.sleep(Duration.ofNanos(-1)));
          Fiber.sleep(Duration.ZERO);
          log("slept");
        });
    runtime.launch(() -> log("other"));
    runtime.run();
    assertEquals(List.of("other", "slept"), log);
    assertEquals(Duration.ZERO, runtime.now());
  }

  @Test
  void anEndlessSleepDoesNotOverflow() throws Exception {
    Fiber<?> sleeper = runtime.launch(() -> Fiber.sleep(Duration.ofSeconds(Long.MAX_VALUE)));
    run(
        () -> {
          Fiber.sleep(SECOND);
          assertEquals(State.WAITING, sleeper.state());
          sleeper.cancel();
        });
    assertEquals(State.CANCELLED, sleeper.state());
    assertEquals(SECOND, runtime.now());
  }

  // ---- who and where ------------------------------------------------------------------------

  @Test
  void aFiberKnowsItselfItsNameAndItsRuntime() throws Exception {
    AtomicReference<Fiber<?>> seen = new AtomicReference<>();
    Fiber<?> named = runtime.launch("named", () -> seen.set(Fiber.current().orElseThrow()));
    Fiber<?> second = runtime.launch(() -> {});
    assertEquals(Optional.empty(), Fiber.current());
    runtime.run();
    assertSame(named, seen.get());
    assertSame(runtime, named.runtime());
    assertEquals("named", named.name());
    assertEquals("fiber-2", second.name());
    assertEquals("fiber-2", second.toString());
  }

  @Test
  void aFibersThreadHasItsName() throws Exception {
    runtime.launch("thread's name", () -> log(Thread.currentThread().getName()));
    runtime.run();
    assertEquals(List.of("thread's name"), log);
  }

  @Test
  void statesAreWhatAFiberDoes() throws Exception {
    AtomicReference<Fiber<?>> self = new AtomicReference<>();
    Channel<String> never = Channel.rendezvous();
    Fiber<?> fiber =
        runtime.launch(
            () -> {
              log(self.get().state().name());
              Fiber.yieldNow();
              never.receive();
            });
    self.set(fiber);
    assertEquals(State.NEW, fiber.state());
    assertEquals(0, fiber.stackTrace().length);
    runtime.runRound();
    assertEquals(State.READY, fiber.state());
    runtime.runRound();
    assertEquals(State.WAITING, fiber.state());
    StackTraceElement[] trace = fiber.stackTrace();
    assertEquals("receive", trace[0].getMethodName());
    assertEquals(FiberContract.class.getName(), trace[1].getClassName());
    assertTrue(
        Arrays.stream(trace).noneMatch(f -> f.getClassName().contains("Scheduler")),
        Arrays.toString(trace));
    assertFalse(fiber.isDone());
    runtime.close();
    assertEquals(State.CANCELLED, fiber.state());
    assertTrue(fiber.isDone());
    assertEquals(List.of("RUNNING"), log);
  }

  @Test
  void outsideAFiberNothingCanBeSuspended() {
    Fiber<?> fiber = runtime.launch("someone", () -> {});
    Channel<String> channel = Channel.bounded(1);
    List<Runnable> attempts =
        List.of(
            Fiber::yieldNow,
            () -> Fiber.sleep(SECOND),
            () -> Fiber.await(new CompletableFuture<>()),
            fiber::join,
            () -> channel.send(""),
            channel::receive,
            () -> channel.trySend(""),
            channel::close,
            () -> Select.<String>create().onReceive(channel, s -> s).select(),
            FiberScope::open);
    for (Runnable attempt : attempts) {
      String message = assertThrows(IllegalStateException.class, attempt::run).getMessage();
      assertTrue(message.contains("must be called in a fiber"), message);
      assertTrue(message.contains(Thread.currentThread().getName()), message);
    }
    assertTrue(
        assertThrows(IllegalStateException.class, fiber::join).getMessage().contains("someone"));
  }

  @Test
  void theCoroutineOfAFiberIsTheRuntimesAlone() throws Exception {
    AtomicReference<Coroutine<?, ?>> found = new AtomicReference<>();
    Fiber<?> fiber =
        runtime.launch(
            () -> {
              found.set(Coroutine.current().orElseThrow());
              assertThrows(IllegalStateException.class, Yielder::current);
              Fiber.yieldNow();
              log("goes on");
            });
    runtime.runRound();
    Coroutine<?, ?> handle = found.get();
    assertEquals(fiber.name(), handle.name());
    assertThrows(NotResumableException.class, handle::close);
    assertThrows(NotResumableException.class, () -> handle.raise(new IOException()));
    assertThrows(NotResumableException.class, () -> handle.resume(null));
    runtime.run();
    assertEquals(List.of("goes on"), log);
  }

  @Test
  void insideACoroutineOfAFiberNothingCanBeSuspendedEither() throws Exception {
    run(
        () -> {
          Coroutine<Object, Object> inner =
              Coroutine.builder()
                  .engine(engine)
                  .name("inner")
                  .build(
                      (self, first) -> {
                        assertEquals(Optional.empty(), Fiber.current());
                        return assertThrows(IllegalStateException.class, Fiber::yieldNow)
                            .getMessage();
                      });
          assertTrue(inner.resume(null).toString().contains("the coroutine inner"));
        });
  }

  @Test
  void aGeneratorMayBeUsedInAFiberAndAFiberMaySuspendBetweenItsElements() throws Exception {
    Generator<Integer> numbers =
        Generator.<Integer>of(
                scope -> {
                  for (int i = 0; i < 3; i++) {
                    scope.yield(i);
                  }
                })
            .on(engine);
    for (String name : List.of("a", "b")) {
      runtime.launch(
          () -> {
            for (int i : numbers) {
              log(name + i);
              Fiber.yieldNow();
            }
          });
    }
    runtime.run();
    assertEquals(List.of("a0", "b0", "a1", "b1", "a2", "b2"), log);
  }

  // ---- ends ---------------------------------------------------------------------------------

  @Test
  void lambdasAndMethodReferencesOfEveryKindCanBeSpawned() throws Exception {
    List<Fiber<?>> fibers = new ArrayList<>();
    Fiber<String> value = runtime.spawn(() -> "value");
    fibers.add(runtime.spawn("n", () -> "value"));
    fibers.add(runtime.spawn(this::overloaded));
    fibers.add(runtime.spawn("n", this::overloaded));
    fibers.add(runtime.launch(this::overloaded));
    fibers.add(runtime.launch("n", this::overloaded));
    fibers.add(runtime.launch(() -> overloaded()));
    fibers.add(runtime.launch(() -> log("nothing")));
    fibers.add(runtime.launch(FiberContract::nothing));
    run(
        () -> {
          try (var scope = FiberScope.open(Joiner.<String>awaitAll())) {
            fibers.add(scope.fork(() -> "value"));
            fibers.add(scope.fork("n", this::overloaded));
            fibers.add(scope.launch(this::overloaded));
            fibers.add(scope.launch("n", FiberContract::nothing));
            scope.join();
          }
          Fiber.runWithin(Duration.ZERO, this::overloaded);
          Fiber.runWithin(Duration.ZERO, FiberContract::nothing);
          assertEquals("value", Fiber.timeout(Duration.ZERO, this::overloaded));
          assertEquals("value", value.join());
        });
    List<String> results = fibers.stream().map(fiber -> String.valueOf(fiber.join())).toList();
    List<String> inRuntime =
        List.of("value", "value", "value", "null", "null", "null", "null", "null");
    assertEquals(inRuntime, results.subList(0, 8));
    assertEquals(List.of("value", "value", "null", "null"), results.subList(8, 12));
  }

  private String overloaded() {
    return "value";
  }

  @SuppressWarnings("unused") // makes references to the other inexact
  private String overloaded(String argument) {
    return argument;
  }

  private static void nothing() {}

  @Test
  void joinGivesTheResultToEveryoneInTheOrderInWhichTheyCame() throws Exception {
    Fiber<String> fiber =
        runtime.spawn(
            () -> {
              Fiber.sleep(SECOND);
              return "result";
            });
    for (String name : List.of("a", "b", "c")) {
      runtime.launch(() -> log(name + " " + fiber.join()));
    }
    runtime.run();
    assertEquals(List.of("a result", "b result", "c result"), log);
    assertEquals("result", fiber.join()); // anybody, once it has ended
    assertEquals(State.SUCCEEDED, fiber.state());
  }

  @Test
  void nullIsAResult() throws Exception {
    Fiber<@Nullable String> fiber = runtime.spawn(() -> null);
    runtime.run();
    assertNull(fiber.join());
  }

  @Test
  void aFailureReachesEveryoneWhoJoins() throws Exception {
    IOException thrown = new IOException("checked");
    Fiber<String> fiber =
        runtime.spawn(
            "failing",
            (Callable<String>)
                () -> {
                  Fiber.yieldNow();
                  throw thrown;
                });
    for (int i = 0; i < 2; i++) {
      runtime.launch(
          () -> {
            FiberFailedException e = assertThrows(FiberFailedException.class, fiber::join);
            assertSame(thrown, e.getCause());
            assertTrue(e.getMessage().contains("failing"));
            log("joined");
          });
    }
    runtime.run(); // and doesn't throw: it was joined
    assertEquals(List.of("joined", "joined"), log);
    assertEquals(State.FAILED, fiber.state());
    assertSame(thrown, fiber.failure().orElseThrow());
  }

  @Test
  void aFailureThatIsJoinedLaterIsNotReported() throws Exception {
    Fiber<?> failing = runtime.launch(FiberContract::fail);
    runtime.launch(
        () -> {
          Fiber.sleep(SECOND);
          assertEquals(State.FAILED, failing.state());
          assertThrows(FiberFailedException.class, failing::join);
        });
    runtime.run();
  }

  static void fail() {
    throw new IllegalArgumentException("on purpose");
  }

  static int failing() {
    throw new IllegalArgumentException("on purpose");
  }

  static void failLater() {
    Fiber.sleep(SECOND);
    fail();
  }

  @Test
  void failuresThatNobodyJoinedComeOutOfRunOnce() throws Exception {
    Fiber<?> first = runtime.launch("first", FiberContract::fail);
    Fiber<?> second = runtime.launch("second", FiberContract::fail);
    runtime.launch(() -> log("unharmed"));
    FiberFailedException e = assertThrows(FiberFailedException.class, runtime::run);
    assertSame(first.failure().orElseThrow(), e.getCause());
    assertEquals(1, e.getSuppressed().length);
    assertInstanceOf(FiberFailedException.class, e.getSuppressed()[0]);
    assertSame(second.failure().orElseThrow(), e.getSuppressed()[0].getCause());
    assertEquals(List.of("unharmed"), log);
    runtime.run();
  }

  @Test
  void errorsAreFailuresToo() throws Exception {
    Fiber<?> overflowing = runtime.launch(() -> log("" + overflow(0)));
    run(
        () ->
            assertInstanceOf(
                StackOverflowError.class,
                assertThrows(FiberFailedException.class, overflowing::join).getCause()));
  }

  private static int overflow(int depth) {
    return depth < 0 ? 0 : 1 + overflow(depth + 1);
  }

  @Test
  void aFiberCannotJoinItselfNorOneOfAnotherRuntime() throws Exception {
    try (FiberRuntime other = builder().name("other").build()) {
      Fiber<?> foreign = other.launch("foreign", () -> {});
      run(
          () -> {
            Fiber<?> me = Fiber.current().orElseThrow();
            assertTrue(
                assertThrows(IllegalStateException.class, me::join)
                    .getMessage()
                    .contains("itself"));
            assertTrue(
                assertThrows(IllegalStateException.class, foreign::join)
                    .getMessage()
                    .contains("toCompletableFuture"));
          });
    }
  }

  @Test
  void aFutureBringsTheOutcomeToOtherThreads() throws Exception {
    Fiber<String> succeeding = runtime.spawn(() -> "result");
    Fiber<?> failing = runtime.launch(FiberContract::fail);
    Fiber<?> cancelled = runtime.launch(() -> Fiber.sleep(SECOND));
    CompletableFuture<String> early = succeeding.toCompletableFuture();
    CompletableFuture<?> failure = failing.toCompletableFuture();
    run(
        () -> {
          Fiber.yieldNow();
          cancelled.cancel();
        });
    assertSame(early, succeeding.toCompletableFuture());
    assertEquals("result", early.get());
    assertInstanceOf(
        IllegalArgumentException.class,
        assertThrows(ExecutionException.class, failure::get).getCause());
    assertThrows(CancellationException.class, cancelled.toCompletableFuture()::get); // made late
  }

  // ---- await --------------------------------------------------------------------------------

  @Test
  void awaitGivesWhatTheStageGives() throws Exception {
    CompletableFuture<@Nullable String> complete = CompletableFuture.completedFuture(null);
    CompletableFuture<String> later = new CompletableFuture<>();
    CompletableFuture<String> failing = new CompletableFuture<>();
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    runtime.launch(
        () -> {
          assertNull(Fiber.await(complete));
          log("at once");
          log(Fiber.await(later));
          IOException cause = new IOException();
          failing.completeExceptionally(cause);
          assertSame(
              cause,
              assertThrows(CompletionException.class, () -> Fiber.await(failing)).getCause());
          assertSame(
              cause,
              assertThrows(CompletionException.class, () -> Fiber.await(failing.thenApply(s -> s)))
                  .getCause());
          cancelled.cancel(false);
          assertThrows(CancellationException.class, () -> Fiber.await(cancelled));
        });
    runtime.launch(
        () -> {
          log("meanwhile");
          later.complete("later");
          log("completed");
        });
    runtime.run();
    assertEquals(List.of("at once", "meanwhile", "completed", "later"), log);
  }

  @Test
  void anotherThreadMayCompleteWhatIsAwaitedWhileRunWaits() throws Exception {
    Thread runner = Thread.currentThread();
    CompletableFuture<String> stage = new CompletableFuture<>();
    Fiber<String> fiber = runtime.spawn(() -> Fiber.await(stage));
    Thread completer =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (runner.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait(); // run() parks, and doesn't spin
                  }
                  stage.complete("from outside");
                });
    runtime.run();
    completer.join();
    assertEquals("from outside", fiber.join());
  }

  @Test
  void virtualTimeGoesOnWhileAStageIsAwaitedThatAFiberCompletes() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    runtime.launch(() -> log(Fiber.await(stage) + " at " + runtime.now()));
    runtime.launch(
        () -> {
          Fiber.sleep(SECOND);
          stage.complete("completed");
        });
    runtime.run();
    assertEquals(List.of("completed at PT1S"), log);
  }

  // ---- cancellation -------------------------------------------------------------------------

  /** Cancels a fiber that has come to wait, and expects it to unwind. */
  private void cancelIn(Runnable wait) throws InterruptedException {
    Fiber<?> victim =
        runtime.launch(
            () -> {
              try {
                wait.run();
                log("not cancelled");
              } finally {
                log("finally");
              }
            });
    run(
        () -> {
          await(victim, State.WAITING);
          victim.cancel();
          assertThrows(CancellationException.class, victim::join);
          assertEquals(State.CANCELLED, victim.state());
        });
    assertEquals(List.of("finally"), log);
    assertEquals(Optional.empty(), victim.failure());
    assertTrue(runtime.now().isZero());
  }

  @Test
  void cancelEndsASleep() throws Exception {
    cancelIn(() -> Fiber.sleep(SECOND));
  }

  @Test
  void cancelEndsAnAwait() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    cancelIn(() -> Fiber.await(stage));
    assertFalse(stage.isDone());
    stage.complete("too late");
    runtime.run();
  }

  @Test
  void cancelEndsAJoinAndNotTheJoined() throws Exception {
    Fiber<?> joined =
        runtime.launch(
            () -> {
              for (int i = 0; i < 20; i++) {
                Fiber.yieldNow();
              }
            });
    cancelIn(joined::join);
    assertEquals(State.SUCCEEDED, joined.state());
  }

  @Test
  void cancelEndsASendAndTheElementIsNotSent() throws Exception {
    Channel<String> channel = Channel.rendezvous();
    cancelIn(() -> channel.send("never"));
    run(() -> assertFalse(channel.tryReceive(s -> log("received"))));
  }

  @Test
  void cancelEndsAReceiveAndTakesNoElement() throws Exception {
    Channel<String> channel = Channel.bounded(1);
    cancelIn(channel::receive);
    run(
        () -> {
          assertTrue(channel.trySend("kept"));
          assertEquals("kept", channel.receive());
        });
  }

  @Test
  void cancelEndsASelectInAllItsChannels() throws Exception {
    Channel<String> one = Channel.rendezvous();
    Channel<String> two = Channel.rendezvous();
    cancelIn(
        () ->
            Select.<String>create()
                .onReceive(one, s -> s)
                .onSend(two, "", () -> "")
                .onTimeout(SECOND, () -> "")
                .select());
    run(
        () -> {
          assertFalse(one.trySend(""));
          assertFalse(two.tryReceive(s -> {}));
        });
  }

  @Test
  void aFiberThatYieldsIsCancelledAtItsNextTurn() throws Exception {
    Fiber<?> victim =
        runtime.spawn(
            () -> {
              while (true) {
                Fiber.yieldNow();
              }
            });
    run(victim::cancel);
    assertEquals(State.CANCELLED, victim.state());
  }

  @Test
  void aFiberThatHasNotBegunNeverDoes() throws Exception {
    Fiber<?> first = runtime.launch(() -> log("first"));
    AtomicReference<Fiber<?>> second = new AtomicReference<>();
    runtime.launch(() -> second.get().cancel());
    second.set(runtime.launch(() -> log("second")));
    runtime.run();
    assertEquals(List.of("first"), log);
    assertEquals(State.SUCCEEDED, first.state());
    assertEquals(State.CANCELLED, second.get().state());
  }

  @Test
  void whileItCleansUpACancelledFiberMaySuspend() throws Exception {
    Channel<String> channel = Channel.rendezvous();
    Fiber<?> victim =
        runtime.launch(
            () -> {
              try {
                Fiber.sleep(SECOND);
              } finally {
                Fiber.yieldNow();
                channel.send("last words");
                Fiber.sleep(SECOND);
                log("cleaned up at " + runtime.now());
              }
            });
    run(
        () -> {
          victim.cancel();
          log(channel.receive());
          assertThrows(CancellationException.class, victim::join);
        });
    assertEquals(List.of("last words", "cleaned up at PT1S"), log);
    assertEquals(State.CANCELLED, victim.state());
  }

  @Test
  void aFiberThatThrowsInItsCancellationHasFailed() throws Exception {
    Fiber<?> victim =
        runtime.launch(
            "victim",
            () -> {
              try {
                Fiber.sleep(SECOND);
              } finally {
                fail();
              }
            });
    runtime.launch(victim::cancel);
    FiberFailedException e = assertThrows(FiberFailedException.class, runtime::run);
    assertInstanceOf(IllegalArgumentException.class, e.getCause());
    assertEquals(State.FAILED, victim.state());
  }

  @Test
  void aFiberThatCatchesItsCancellationGoesOnAndMayBeCancelledAgain() throws Exception {
    Fiber<String> stubborn =
        runtime.spawn(
            () -> {
              for (int i = 1; i <= 2; i++) {
                try {
                  Fiber.sleep(SECOND);
                } catch (FiberCancelled c) {
                  log("cancelled " + i);
                }
              }
              return "survived";
            });
    run(
        () -> {
          await(stubborn, State.WAITING);
          stubborn.cancel();
          Fiber.yieldNow();
          stubborn.cancel();
          assertEquals("survived", stubborn.join());
        });
    assertEquals(List.of("cancelled 1", "cancelled 2"), log);
    assertEquals(State.SUCCEEDED, stubborn.state());
  }

  @Test
  void catchingExceptionsDoesNotStopACancellation() throws Exception {
    Fiber<?> victim =
        runtime.spawn(
            () -> {
              while (true) {
                try {
                  Fiber.sleep(SECOND);
                } catch (RuntimeException e) {
                  log("caught");
                }
              }
            });
    run(
        () -> {
          Fiber.sleep(Duration.ofSeconds(3));
          victim.cancel();
        });
    assertEquals(State.CANCELLED, victim.state());
    assertEquals(List.of(), log);
  }

  @Test
  void whatWasReceivedBeforeTheCancellationIsNotLost() throws Exception {
    Channel<String> channel = Channel.rendezvous();
    Fiber<?> receiver =
        runtime.launch(
            () -> {
              log(channel.receive());
              Fiber.yieldNow();
              log("went on");
            });
    run(
        () -> {
          await(receiver, State.WAITING);
          channel.send("element");
          receiver.cancel(); // it is ready, with the element
        });
    assertEquals(List.of("element"), log);
    assertEquals(State.CANCELLED, receiver.state());
  }

  @Test
  void aFiberMayCancelItself() throws Exception {
    Fiber<?> fiber =
        runtime.launch(
            () -> {
              Fiber.current().orElseThrow().cancel();
              log("still here");
              Fiber.yieldNow();
              log("not any more");
            });
    runtime.run();
    assertEquals(List.of("still here"), log);
    assertEquals(State.CANCELLED, fiber.state());
    fiber.cancel(); // of one that has ended: no effect
    runtime.run();
  }

  @Test
  void anotherThreadMayCancel() throws Exception {
    Thread runner = Thread.currentThread();
    Fiber<?> waiting = runtime.spawn(() -> Fiber.await(new CompletableFuture<>()));
    Thread canceller =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (runner.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                  }
                  waiting.cancel();
                });
    runtime.run();
    canceller.join();
    assertEquals(State.CANCELLED, waiting.state());
  }

  @Test
  void aCancellationCaughtWhileAnotherPassesDoesNotMakeThatAFailure() throws Exception {
    Fiber<?> twice =
        runtime.launch(
            () -> {
              try {
                Fiber.sleep(Duration.ofDays(1));
              } finally {
                try {
                  Fiber.sleep(Duration.ofDays(1));
                } catch (FiberCancelled c) {
                  log("the second is caught");
                }
              }
            });
    run(
        () -> {
          await(twice, State.WAITING);
          twice.cancel();
          await(twice, State.WAITING);
          twice.cancel();
          assertThrows(CancellationException.class, twice::join);
        });
    assertEquals(List.of("the second is caught"), log);
    assertSame(State.CANCELLED, twice.state());
  }

  @Test
  void theCancellationOfAnotherFiberIsAFailureWhereItIsThrown() throws Exception {
    AtomicReference<FiberCancelled> caught = new AtomicReference<>();
    Fiber<?> first =
        runtime.launch(
            () -> {
              try {
                Fiber.sleep(Duration.ofDays(1));
              } catch (FiberCancelled c) {
                caught.set(c);
              }
            });
    Fiber<?> second =
        runtime.spawn(
            () -> {
              first.join();
              throw caught.get();
            });
    run(
        () -> {
          await(first, State.WAITING);
          first.cancel();
          FiberFailedException e = assertThrows(FiberFailedException.class, second::join);
          assertSame(caught.get(), e.getCause());
        });
  }

  @Test
  void noSleepIsTooLongToComeInItsOrder() throws Exception {
    Duration centuries = Duration.ofDays(365 * 200);
    for (Duration duration :
        List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofNanos(Long.MAX_VALUE), centuries)) {
      runtime.launch(
          () -> {
            Fiber.sleep(duration);
            log("" + duration);
          });
    }
    runtime.run();
    assertEquals(
        List.of(
            "" + centuries,
            "" + Duration.ofSeconds(Long.MAX_VALUE),
            "" + Duration.ofNanos(Long.MAX_VALUE)),
        log);
    run(() -> Fiber.sleep(Duration.ofDays(1))); // where the clock has come to its end
  }

  @Test
  void failuresThatWereJoinedAreNotKept() throws Exception {
    run(
        () -> {
          for (int i = 0; i < 1_000; i++) {
            Fiber<?> failing = runtime.launch(FiberContract::fail);
            assertThrows(FiberFailedException.class, failing::join);
          }
          int kept = runtime.failureCount();
          assertTrue(kept < 100, () -> kept + " are kept");
        });
  }

  @Test
  void aFailureThatAFutureDoesNotGetReachesTheHandlerAndTheRunner() {
    Fiber<?> failing =
        runtime.launch(
            "failing",
            () -> {
              Fiber.yieldNow();
              fail();
            });
    assertTrue(failing.toCompletableFuture().cancel(true));
    FiberFailedException e = assertThrows(FiberFailedException.class, runtime::run);
    assertInstanceOf(IllegalArgumentException.class, e.getCause());
    assertEquals(List.of("failing"), unheard);
  }
}
