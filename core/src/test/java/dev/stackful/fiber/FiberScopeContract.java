package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Engine;
import dev.stackful.fiber.Fiber.State;
import dev.stackful.fiber.FiberScope.Joiner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What {@link FiberScope} promises, whatever the engine. */
abstract class FiberScopeContract extends FiberTesting {
  FiberScopeContract(Engine engine) {
    super(engine);
  }

  /** Sleeps so many seconds, logs how it ended, and returns or throws. */
  private String work(String name, int seconds) {
    try {
      Fiber.sleep(Duration.ofSeconds(seconds));
      if (name.startsWith("failing")) {
        throw new IllegalArgumentException(name);
      }
      log(name + " done at " + runtime.now());
      return name;
    } catch (FiberCancelled c) {
      log(name + " cancelled at " + runtime.now());
      throw c;
    }
  }

  @Test
  void joinWaitsForAll() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.<String>open()) {
            Fiber<String> a = scope.fork(() -> work("a", 2));
            Fiber<String> b = scope.fork("b's name", () -> work("b", 1));
            scope.launch(() -> log("a Runnable"));
            scope.join();
            assertEquals("a", a.join());
            assertEquals("b", b.join());
            assertEquals("b's name", b.name());
          }
        });
    assertEquals(List.of("a Runnable", "b done at PT1S", "a done at PT2S"), log);
  }

  @Test
  void theFirstFailureCancelsTheRestAndComesOutOfJoin() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.<String>open()) {
            scope.fork(() -> work("a", 3));
            Fiber<String> failing = scope.fork(() -> work("failing", 1));
            FiberFailedException e = assertThrows(FiberFailedException.class, scope::join);
            assertSame(failing.failure().orElseThrow(), e.getCause());
            assertTrue(scope.isCancelled());
          }
          log("closed");
        });
    assertEquals(List.of("a cancelled at PT1S", "closed"), log);
  }

  @Test
  void allResultsComeInTheOrderOfTheForks() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.open(Joiner.<String>allSuccessfulOrThrow())) {
            scope.fork(() -> work("a", 3));
            scope.fork(() -> work("b", 1));
            scope.fork(() -> work("c", 2));
            assertEquals(List.of("a", "b", "c"), scope.join());
          }
        });
  }

  @Test
  void anySuccessTakesTheFirstAndCancelsTheRest() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.open(Joiner.<String>anySuccessfulOrThrow())) {
            scope.fork(() -> work("slow", 3));
            scope.fork(() -> work("failing", 1));
            scope.fork(() -> work("fast", 2));
            assertEquals("fast", scope.join());
          }
        });
    assertEquals(List.of("fast done at PT2S", "slow cancelled at PT2S"), log);
  }

  @Test
  void withoutASuccessTheFirstFailureIsThrown() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.open(Joiner.<String>anySuccessfulOrThrow())) {
            scope.fork(() -> work("failing second", 2));
            scope.fork(() -> work("failing first", 1));
            FiberFailedException e = assertThrows(FiberFailedException.class, scope::join);
            assertEquals("failing first", e.getCause().getMessage());
          }
          try (var scope = FiberScope.open(Joiner.<String>anySuccessfulOrThrow())) {
            assertInstanceOf(
                NoSuchElementException.class,
                assertThrows(FiberFailedException.class, scope::join).getCause());
          }
        });
  }

  @Test
  void awaitAllWaitsForFailuresToo() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.open(Joiner.<String>awaitAll())) {
            Fiber<String> failing = scope.fork(() -> work("failing", 1));
            Fiber<String> a = scope.fork(() -> work("a", 2));
            scope.join();
            assertEquals(State.FAILED, failing.state());
            assertEquals(State.SUCCEEDED, a.state());
          }
        }); // run doesn't throw: the failure was the scope's
  }

  @Test
  void allUntilStopsWhenThePredicateSaysSo() throws Exception {
    run(
        () -> {
          try (var scope =
              FiberScope.open(Joiner.<String>allUntil(f -> f.state() == State.SUCCEEDED))) {
            scope.fork(() -> work("failing", 1));
            scope.fork(() -> work("a", 2));
            scope.fork(() -> work("b", 3));
            List<State> states = scope.join().stream().map(Fiber::state).toList();
            assertEquals(State.FAILED, states.get(0));
            assertEquals(State.SUCCEEDED, states.get(1));
          }
        });
    assertEquals("b cancelled at PT2S", log.getLast());
  }

  @Test
  void closeWaitsUntilTheCancelledHaveCleanedUp() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.<String>open()) {
            scope.fork(
                () -> {
                  try {
                    Fiber.sleep(Duration.ofDays(1));
                  } finally {
                    Fiber.sleep(Duration.ofSeconds(5));
                    log("cleaned up at " + runtime.now());
                  }
                  return "";
                });
            scope.fork(() -> work("failing", 1));
            assertThrows(FiberFailedException.class, scope::join);
          }
          log("closed at " + runtime.now());
        });
    assertEquals(List.of("cleaned up at PT6S", "closed at PT6S"), log);
  }

  @Test
  void anExceptionInTheBlockCancelsTheForks() throws Exception {
    run(
        () -> {
          assertThrows(
              IllegalArgumentException.class,
              () -> {
                try (var scope = FiberScope.<String>open()) {
                  scope.fork(() -> work("a", 3));
                  Fiber.yieldNow();
                  FiberContract.fail();
                }
              });
          log("out");
        });
    assertEquals(List.of("a cancelled at PT0S", "out"), log);
  }

  @Test
  void aFiberThatLeavesManyScopesOpenCancelsTheForksOfAll() throws Exception {
    run(
        () -> {
          FiberScope.<String>open().fork(() -> work("a", 3));
          Fiber.yieldNow();
          for (int i = 0; i < 20_000; i++) {
            FiberScope.<String>open();
          }
        });
    runtime.run();
    assertEquals(List.of("a cancelled at PT0S"), log);
  }

  @Test
  void whoCancelsTheOwnerCancelsTheForksAndTheirScopes() throws Exception {
    Fiber<?> owner =
        runtime.launch(
            () -> {
              try (var scope = FiberScope.<String>open()) {
                scope.fork(() -> work("child", 3));
                scope.fork(
                    () -> {
                      try (var inner = FiberScope.<String>open()) {
                        inner.fork(() -> work("grandchild", 3));
                        inner.join();
                      }
                      return "";
                    });
                scope.join();
              } finally {
                log("owner ends");
              }
            });
    run(
        () -> {
          await(owner, State.WAITING);
          for (int i = 0; i < 5; i++) {
            Fiber.yieldNow(); // until the grandchild sleeps
          }
          owner.cancel();
          assertThrows(CancellationException.class, owner::join);
        });
    assertEquals(
        List.of("child cancelled at PT0S", "grandchild cancelled at PT0S", "owner ends"), log);
  }

  @Test
  void whileItClosesTheOwnersCancellationHasToWait() throws Exception {
    Fiber<?> owner =
        runtime.launch(
            () -> {
              try (var scope = FiberScope.<String>open()) {
                scope.fork(
                    () -> {
                      try {
                        Fiber.sleep(Duration.ofDays(1));
                      } finally {
                        Fiber.sleep(Duration.ofSeconds(5));
                        log("child cleaned up");
                      }
                      return "";
                    });
                scope.fork(() -> work("failing", 1));
                assertThrows(FiberFailedException.class, scope::join);
              }
              log("closed");
              Fiber.yieldNow();
              log("not reached");
            });
    runtime.launch(
        () -> {
          Fiber.sleep(Duration.ofSeconds(2));
          owner.cancel();
        });
    runtime.run();
    assertEquals(List.of("child cleaned up", "closed"), log);
    assertEquals(State.CANCELLED, owner.state());
  }

  @Test
  void aForkIntoACancelledScopeNeverBegins() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.open(Joiner.<String>anySuccessfulOrThrow())) {
            scope.fork(() -> "first");
            Fiber.yieldNow();
            assertTrue(scope.isCancelled());
            assertEquals(State.CANCELLED, scope.fork(() -> work("late", 1)).state());
            assertEquals("first", scope.join());
          }
        });
    assertEquals(List.of(), log);
  }

  @Test
  void aForkThatIsCancelledFromOutsideIsNoSuccess() throws Exception {
    run(
        () -> {
          try (var scope = FiberScope.<String>open()) {
            Fiber<String> fork = scope.fork(() -> work("a", 1));
            runtime.launch(fork::cancel);
            assertInstanceOf(
                CancellationException.class,
                assertThrows(FiberFailedException.class, scope::join).getCause());
          }
        });
  }

  @Test
  void aJoinerThatThrowsEndsTheScope() throws Exception {
    IllegalArgumentException thrown = new IllegalArgumentException("a joiner's");
    run(
        () -> {
          Joiner<String, String> joiner =
              new Joiner<>() {
                @Override
                public boolean onComplete(Fiber<? extends String> fiber) {
                  throw thrown;
                }

                @Override
                public String result() {
                  return "not reached";
                }
              };
          try (var scope = FiberScope.open(joiner)) {
            scope.fork(() -> work("a", 1));
            scope.fork(() -> work("b", 2));
            assertSame(thrown, assertThrows(FiberFailedException.class, scope::join).getCause());
          }
        });
    assertEquals(List.of("a done at PT1S", "b cancelled at PT1S"), log);
  }

  @Test
  void scopesAreTheirOwnersAlone() throws Exception {
    runtime.launch(
        "owner",
        () -> {
          FiberScope<String, ?> scope = FiberScope.open();
          Fiber<?> other =
              runtime.launch(
                  () -> {
                    for (Runnable attempt :
                        List.<Runnable>of(() -> scope.fork(() -> ""), scope::join, scope::close)) {
                      String message =
                          assertThrows(IllegalStateException.class, attempt::run).getMessage();
                      assertTrue(message.contains("owner"), message);
                    }
                  });
          other.join();
          scope.join();
          assertThrows(IllegalStateException.class, scope::join);
          assertThrows(IllegalStateException.class, () -> scope.fork(() -> ""));
          scope.close();
          assertThrows(IllegalStateException.class, scope::join);
        });
    runtime.run();
  }

  @Test
  void aScopeMustBeJoinedBeforeItIsClosed() throws Exception {
    run(
        () -> {
          List<FiberScope<String, ?>> scopes = new ArrayList<>();
          IllegalStateException e =
              assertThrows(
                  IllegalStateException.class,
                  () -> {
                    try (var scope = FiberScope.<String>open()) {
                      scopes.add(scope);
                      scope.fork(() -> work("a", 1));
                      Fiber.yieldNow();
                    }
                  });
          assertTrue(e.getMessage().contains("without a join"), e.getMessage());
          assertTrue(scopes.getFirst().isCancelled());
        });
    assertEquals(List.of("a cancelled at PT0S"), log);
  }

  @Test
  void scopesNestThoughTheyAreClosedInAnotherOrder() throws Exception {
    run(
        () -> {
          FiberScope<String, ?> outer = FiberScope.open();
          FiberScope<String, ?> inner = FiberScope.open();
          inner.fork(() -> work("inner", 1));
          Fiber.yieldNow();
          assertThrows(IllegalStateException.class, outer::close); // inner wasn't joined
          assertThrows(IllegalStateException.class, inner::join); // and is closed
          log("closed");
        });
    assertEquals(List.of("inner cancelled at PT0S", "closed"), log);
  }

  @Test
  void theForksOfAScopeThatIsNeverClosedAreCancelledWithItsOwner() throws Exception {
    AtomicReference<Fiber<?>> fork = new AtomicReference<>();
    run(
        () -> {
          FiberScope<String, ?> scope = FiberScope.open();
          fork.set(scope.fork(() -> work("a", 1)));
          Fiber.yieldNow();
        });
    assertEquals(State.CANCELLED, fork.get().state());
    assertEquals(List.of("a cancelled at PT0S"), log);
  }

  @Test
  void theJoinerLearnsOfForksInACancelledScopeToo() throws Exception {
    run(
        () -> {
          try (var scope =
              FiberScope.<String, List<Fiber<? extends String>>>open(Joiner.allUntil(f -> true))) {
            var first = scope.fork(() -> "first");
            Fiber.yieldNow();
            assertTrue(scope.isCancelled());
            var second = scope.fork(() -> "never");
            assertEquals(List.of(first, second), scope.join());
            assertSame(State.CANCELLED, second.state());
          }
        });
  }

  @Test
  void aForkThatTheJoinerRefusesDoesNotBegin() throws Exception {
    Joiner<String, String> refusing =
        new Joiner<>() {
          @Override
          public boolean onFork(Fiber<? extends String> fiber) {
            throw new IllegalArgumentException("refused");
          }

          @Override
          public boolean onComplete(Fiber<? extends String> fiber) {
            throw new AssertionError("it has not begun");
          }

          @Override
          public String result() {
            return "joined";
          }
        };
    run(
        () -> {
          try (var scope = FiberScope.open(refusing)) {
            assertThrows(
                IllegalArgumentException.class,
                () ->
                    scope.fork(
                        () -> {
                          log("begun");
                          return "";
                        }));
            assertEquals("joined", scope.join());
          }
          Fiber.yieldNow();
        });
    assertEquals(List.of(), log);
  }

  /** Time passes in the fibers' turns, as the real one does. */
  private static final class PassingTime implements FiberClock {
    private long nanos;

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public void parkUntil(long deadlineNanos) {
      nanos = Math.max(nanos, deadlineNanos);
    }
  }

  @Test
  void whoEndsInTimeDoesThoughTheOwnersTurnComesLate() throws Exception {
    PassingTime clock = new PassingTime();
    FiberRuntime timed = builder().clock(clock).build();
    Runnable dawdling = () -> clock.nanos += Duration.ofSeconds(1).toNanos();
    Fiber<String> owner =
        timed.spawn(
            () -> {
              Duration limit = Duration.ofSeconds(5);
              try (var scope =
                  FiberScope.<String, List<String>>open(Joiner.allSuccessfulOrThrow(), limit)) {
                scope.fork(
                    () -> {
                      Fiber.sleep(Duration.ofSeconds(4));
                      return "in time";
                    });
                for (int i = 0; i < 40; i++) {
                  timed.launch(
                      () -> {
                        Fiber.sleep(Duration.ofSeconds(4));
                        dawdling.run();
                      });
                }
                return scope.join().toString();
              }
            });
    timed.run();
    assertEquals("[in time]", owner.join());
    timed.close();
  }
}
