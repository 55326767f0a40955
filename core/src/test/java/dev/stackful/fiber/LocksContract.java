package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Engine;
import dev.stackful.fiber.Fiber.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What {@link Mutex}, {@link Condition}, {@link Semaphore}, {@link Barrier} and {@link Deferred}
 * promise, whatever the engine.
 */
abstract class LocksContract extends FiberTesting {
  private static final Duration SECOND = Duration.ofSeconds(1);

  LocksContract(Engine engine) {
    super(engine);
  }

  /** A fiber that waits, as its first act. */
  private Fiber<?> waiting(String name, Runnable wait) {
    Fiber<?> fiber =
        runtime.launch(
            name,
            () -> {
              wait.run();
              log(name);
            });
    Fiber.yieldNow();
    assertEquals(State.WAITING, fiber.state());
    return fiber;
  }

  // ---- mutex --------------------------------------------------------------------------------

  @Test
  void aMutexIsHandedOnInTheOrderInWhichTheyCame() throws Exception {
    Mutex mutex = Mutex.create();
    for (String name : List.of("a", "b", "c")) {
      runtime.launch(
          () -> {
            for (int i = 0; i < 2; i++) {
              mutex.lock();
              log(name + " has it");
              Fiber.sleep(SECOND);
              log(name + " had it");
              mutex.unlock();
            }
          });
    }
    runtime.run();
    assertEquals(12, log.size());
    for (int i = 0; i < 12; i += 2) {
      String name = List.of("a", "b", "c").get(i / 2 % 3);
      assertEquals(List.of(name + " has it", name + " had it"), log.subList(i, i + 2));
    }
    assertEquals(Duration.ofSeconds(6), runtime.now());
    assertEquals("mutex-1", mutex.toString());
  }

  @Test
  void aMutexIsNotReentrantAndOnlyItsOwnerUnlocksIt() throws Exception {
    Mutex mutex = Mutex.create("m");
    run(
        () -> {
          assertThrows(IllegalStateException.class, mutex::unlock);
          assertFalse(mutex.isLocked());
          mutex.lock();
          assertTrue(mutex.isLocked());
          assertThrows(IllegalStateException.class, mutex::lock);
          assertThrows(IllegalStateException.class, mutex::tryLock);
          runtime
              .launch(
                  "other",
                  () -> {
                    assertFalse(mutex.tryLock());
                    String message =
                        assertThrows(IllegalStateException.class, mutex::unlock).getMessage();
                    assertTrue(message.contains("other") && message.contains("main"), message);
                  })
              .join();
          mutex.unlock();
          assertTrue(mutex.tryLock());
          mutex.unlock();
          assertEquals("result", mutex.withLock(() -> "result"));
          assertThrows(
              IOException.class,
              () ->
                  mutex.withLock(
                      () -> {
                        throw new IOException();
                      }));
          assertFalse(mutex.isLocked());
        });
    assertThrows(IllegalStateException.class, mutex::lock);
  }

  @Test
  void whoIsCancelledOrTimedOutDoesNotGetTheMutex() throws Exception {
    Mutex mutex = Mutex.create();
    run(
        () -> {
          mutex.lock();
          Fiber<?> cancelled = waiting("cancelled", mutex::lock);
          waiting("next", mutex::lock);
          runtime.spawn(
              () ->
                  assertThrows(
                      FiberTimeoutException.class, () -> Fiber.runWithin(SECOND, mutex::lock)));
          cancelled.cancel();
          Fiber.sleep(SECOND.plusMillis(1));
          mutex.unlock();
          Fiber.yieldNow();
        });
    assertEquals(List.of("next"), log);
  }

  @Test
  void whoeverGotTheMutexBeforeTheCancellationOwnsIt() throws Exception {
    Mutex mutex = Mutex.create();
    run(
        () -> {
          mutex.lock();
          Fiber<?> heir =
              waiting(
                  "heir",
                  () -> {
                    mutex.lock();
                    log("owns it");
                    mutex.unlock();
                    Fiber.yieldNow();
                  });
          mutex.unlock();
          heir.cancel(); // it is ready, and owns the mutex
          Fiber.yieldNow();
          Fiber.yieldNow();
          assertEquals(State.CANCELLED, heir.state());
          assertTrue(mutex.tryLock());
          mutex.unlock();
        });
    assertEquals(List.of("owns it"), log);
  }

  @Test
  void aDeadlockOfLocksNamesOwnersAndWaiters() {
    Mutex one = Mutex.create("one");
    Mutex two = Mutex.create("two");
    Barrier barrier = Barrier.of("the barrier", 3);
    crosswise("a", one, two);
    crosswise("b", two, one);
    runtime.spawn("ended", () -> Mutex.create());
    Mutex left = Mutex.create("left");
    runtime.launch("careless", left::lock);
    runtime.launch("heir", left::lock);
    runtime.spawn("early", () -> barrier.await());
    runtime.launch("permit", () -> Semaphore.of("none", 0).acquire());
    runtime.spawn("value", () -> Deferred.create("the value").await());
    runtime.spawn(
        "selector",
        () -> Select.create().onLock(one, () -> "").onAcquire(Semaphore.of(0), () -> "").select());
    FiberDeadlockException e = assertThrows(FiberDeadlockException.class, runtime::run);
    assertEquals(
        List.of(
            "a: lock two, which b has locked",
            "b: lock one, which a has locked",
            "heir: lock left, which careless has locked, and has ended without unlocking it",
            "early: await the barrier, where 1 of 3 have come",
            "permit: acquire none",
            "value: await the value",
            "selector: select of lock one, which a has locked, acquire semaphore-1"),
        e.waiting());
  }

  private void crosswise(String name, Mutex first, Mutex second) {
    runtime.launch(
        name,
        () -> {
          first.lock();
          Fiber.yieldNow();
          second.lock();
        });
  }

  // ---- condition ----------------------------------------------------------------------------

  @Test
  void aConditionWakesInOrderAndGivesTheMutexBack() throws Exception {
    Mutex mutex = Mutex.create("m");
    Condition condition = mutex.newCondition();
    assertEquals("m's condition", condition.toString());
    for (String name : List.of("a", "b", "c")) {
      runtime.launch(
          () -> {
            mutex.lock();
            condition.await();
            log(name + " owns it: " + mutex.isLocked());
            Fiber.yieldNow();
            mutex.unlock();
          });
    }
    run(
        () -> {
          assertThrows(IllegalStateException.class, condition::await);
          assertThrows(IllegalStateException.class, condition::signal);
          mutex.lock();
          condition.signal();
          mutex.unlock();
          Fiber.sleep(SECOND);
          log("then all");
          mutex.withLock(
              () -> {
                condition.signalAll();
                return "";
              });
        });
    assertEquals(List.of("a owns it: true", "then all", "b owns it: true", "c owns it: true"), log);
  }

  @Test
  void whoIsCancelledInAConditionHasTheMutexAgain() throws Exception {
    Mutex mutex = Mutex.create();
    Condition condition = mutex.newCondition();
    run(
        () -> {
          Fiber<?> cancelled =
              waiting(
                  "cancelled",
                  () -> {
                    mutex.lock();
                    try {
                      condition.await();
                    } finally {
                      log("finally");
                      mutex.unlock();
                    }
                  });
          Fiber<?> timedOut =
              waiting(
                  "timed out",
                  () -> {
                    mutex.lock();
                    assertThrows(
                        FiberTimeoutException.class,
                        () -> Fiber.runWithin(SECOND, condition::await));
                    mutex.unlock();
                  });
          mutex.lock();
          cancelled.cancel();
          Fiber.sleep(SECOND.multipliedBy(2));
          assertEquals(State.WAITING, cancelled.state()); // for the mutex
          log("unlock");
          mutex.unlock();
          timedOut.join();
          assertEquals(State.CANCELLED, cancelled.state());
          assertFalse(mutex.isLocked());
        });
    assertEquals(List.of("unlock", "finally", "timed out"), log);
  }

  @Test
  void whoIsUnwoundInAConditionEndsThoughItCannotHaveTheMutexAgain() {
    Mutex mutex = Mutex.create();
    Condition condition = mutex.newCondition();
    Fiber<?> unwound =
        runtime.launch(
            () -> {
              mutex.lock();
              try {
                condition.await();
              } finally {
                condition.signalAll();
                mutex.unlock();
                log(assertThrows(IllegalStateException.class, mutex::unlock).getMessage());
              }
            });
    Fiber<?> holder =
        runtime.launch(
            "holder",
            () ->
                mutex.withLock(
                    () -> {
                      sleepsThoughCancelled();
                      return null;
                    }));
    runtime.runRound();
    assertEquals(List.of(State.WAITING, State.WAITING), List.of(unwound.state(), holder.state()));
    runtime.close();
    assertEquals(
        List.of(State.CANCELLED, State.CANCELLED), List.of(unwound.state(), holder.state()));
    assertTrue(log.getFirst().contains("holder has locked it"), log.getFirst());
  }

  private static void sleepsThoughCancelled() {
    while (true) {
      try {
        Fiber.sleep(SECOND);
      } catch (FiberCancelled c) {
        // which is wrong
      }
    }
  }

  // ---- semaphore ----------------------------------------------------------------------------

  @Test
  void aSemaphoreBoundsHowManyAreInside() throws Exception {
    Semaphore semaphore = Semaphore.of(2);
    int[] inside = {0};
    for (int i = 0; i < 6; i++) {
      runtime.spawn(
          () ->
              semaphore.withPermit(
                  () -> {
                    assertTrue(++inside[0] <= 2);
                    Fiber.sleep(SECOND);
                    return inside[0]--;
                  }));
    }
    runtime.run();
    assertEquals(Duration.ofSeconds(3), runtime.now());
    run(
        () -> {
          assertEquals(2, semaphore.availablePermits());
          assertTrue(semaphore.tryAcquire());
          assertTrue(semaphore.tryAcquire());
          assertFalse(semaphore.tryAcquire());
          Fiber<?> first = waiting("first", semaphore::acquire);
          waiting("second", semaphore::acquire);
          first.cancel();
          semaphore.release();
          Fiber.yieldNow();
          assertEquals(0, semaphore.availablePermits());
        });
    assertEquals(List.of("second"), log);
    assertThrows(IllegalArgumentException.class, () -> Semaphore.of(-1));
    run(
        () -> {
          Semaphore full = Semaphore.of(Integer.MAX_VALUE);
          assertThrows(IllegalStateException.class, full::release);
        });
  }

  // ---- barrier ------------------------------------------------------------------------------

  @Test
  void aBarrierOpensWhenAllHaveComeAndServesTheNextRound() throws Exception {
    Barrier barrier = Barrier.of(3);
    for (int i = 0; i < 3; i++) {
      int number = i;
      runtime.launch(
          () -> {
            for (int round = 0; round < 3; round++) {
              Fiber.sleep(SECOND.multipliedBy(number + 1));
              assertEquals(number, barrier.await());
              log("round " + round);
            }
          });
    }
    runtime.run();
    assertEquals(9, log.size());
    assertEquals("round 1", log.get(5));
    assertEquals(Duration.ofSeconds(9), runtime.now());
    assertThrows(IllegalArgumentException.class, () -> Barrier.of(0));
    assertEquals(3, barrier.parties());
  }

  @Test
  void whoIsCancelledAtABarrierHasNotCome() throws Exception {
    Barrier barrier = Barrier.of(2);
    run(
        () -> {
          Fiber<?> cancelled = waiting("cancelled", barrier::await);
          cancelled.cancel();
          Fiber.yieldNow();
          waiting("first", barrier::await);
          assertEquals(1, barrier.await());
          Fiber.yieldNow();
          assertEquals(0, Barrier.of(1).await());
        });
    assertEquals(List.of("first"), log);
  }

  // ---- deferred -----------------------------------------------------------------------------

  @Test
  void aValueComesOnceToAllWhoWaitAndToThoseWhoComeLater() throws Exception {
    Deferred<@Nullable String> deferred = Deferred.create();
    for (String name : List.of("a", "b")) {
      runtime.launch(() -> log(name + deferred.await()));
    }
    run(
        () -> {
          assertFalse(deferred.isDone());
          assertTrue(deferred.complete("1"));
          assertFalse(deferred.complete("2"));
          assertFalse(deferred.fail(new IOException()));
          assertTrue(deferred.isDone());
          log("c" + deferred.await());
          Deferred<@Nullable String> nothing = Deferred.create();
          nothing.complete(null);
          assertNull(nothing.await());
        });
    assertEquals(List.of("c1", "a1", "b1"), log);
  }

  @Test
  void anExceptionMayComeInPlaceOfTheValue() throws Exception {
    Deferred<String> deferred = Deferred.create();
    IOException exception = new IOException();
    Fiber<?> fiber =
        runtime.launch(
            () -> {
              assertSame(
                  exception, assertThrows(CompletionException.class, deferred::await).getCause());
              assertThrows(
                  CompletionException.class,
                  () -> Select.create().onValue(deferred, x -> x).select());
            });
    run(() -> deferred.fail(exception));
    assertEquals(State.SUCCEEDED, fiber.state());
  }

  // ---- select -------------------------------------------------------------------------------

  @Test
  void aSelectWaitsForLocksPermitsValuesAndEnds() throws Exception {
    Mutex mutex = Mutex.create();
    Semaphore semaphore = Semaphore.of(0);
    Deferred<String> deferred = Deferred.create();
    Fiber<String> ending =
        runtime.spawn(
            () -> {
              Fiber.sleep(SECOND.multipliedBy(4));
              return "joined";
            });
    runtime.launch(
        () -> {
          mutex.lock();
          Fiber.sleep(SECOND);
          mutex.unlock();
          Fiber.sleep(SECOND);
          semaphore.release();
          Fiber.sleep(SECOND);
          deferred.complete("value");
        });
    run(
        () -> {
          Fiber.yieldNow();
          log(
              Select.<String>create()
                  .onLock(mutex, () -> "locked at " + runtime.now())
                  .onAcquire(semaphore, () -> "acquired")
                  .onValue(deferred, x -> x)
                  .onJoin(ending, x -> x)
                  .select());
          mutex.unlock();
          log(
              Select.<String>create()
                  .onAcquire(semaphore, () -> "acquired at " + runtime.now())
                  .onJoin(ending, x -> x)
                  .select());
          log(Select.<String>create().onValue(deferred, x -> x).onJoin(ending, x -> x).select());
          log(Select.<String>create().onJoin(ending, x -> x).select());
          assertEquals(
              List.of("locked at PT1S", "acquired at PT2S", "value", "joined"), List.copyOf(log));
          log(Select.<String>create().onLock(mutex, () -> "free").select());
          assertTrue(mutex.isLocked());
          assertThrows(
              IllegalStateException.class,
              () -> Select.<String>create().onLock(mutex, () -> "").select());
          mutex.unlock();
          semaphore.release();
          log(Select.<String>create().onAcquire(semaphore, () -> "a permit").select());
          assertEquals(0, semaphore.availablePermits());
        });
    assertEquals(List.of("free", "a permit"), log.subList(4, 6));
  }

  @Test
  void aSelectMayBeMadeByAnotherThreadWhileAFiberJoins() throws Exception {
    int rounds = 2_000;
    List<CompletableFuture<Fiber<Integer>>> joined =
        Stream.generate(CompletableFuture<Fiber<Integer>>::new).limit(rounds).toList();
    Thread other =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (CompletableFuture<Fiber<Integer>> each : joined) {
                    while (!each.isDone()) {
                      Thread.onSpinWait();
                    }
                    Select.create().onJoin(each.join(), x -> x);
                  }
                });
    run(
        () -> {
          for (int i = 0; i < rounds; i++) {
            Fiber<Integer> fiber = runtime.spawn(() -> 1);
            joined.get(i).complete(fiber);
            for (int spins = i % 50; spins > 0; spins--) {
              Thread.onSpinWait();
            }
            fiber.join(); // or deadlock is found
          }
        });
    other.join();
  }

  @Test
  void whatASelectDidNotChooseIsNotTaken() throws Exception {
    Mutex mutex = Mutex.create();
    Semaphore semaphore = Semaphore.of(0);
    run(
        () -> {
          mutex.lock();
          Fiber<?> selecting =
              waiting(
                  "acquired",
                  () -> {
                    Select.create()
                        .onLock(mutex, () -> "locked")
                        .onAcquire(semaphore, () -> "acquired")
                        .select();
                  });
          semaphore.release();
          mutex.unlock();
          assertFalse(mutex.isLocked());
          selecting.join();
        });
    assertEquals(List.of("acquired"), log);
  }

  @Test
  void eachBelongsToOneRuntime() throws Exception {
    Mutex mutex = Mutex.create("mine");
    run(mutex::tryLock);
    try (FiberRuntime other = builder().name("other").build()) {
      other.launch(
          () -> {
            String message = assertThrows(IllegalStateException.class, mutex::lock).getMessage();
            assertTrue(message.contains("mine") && message.contains("[other]"), message);
          });
      other.run();
    }
    for (Object unused :
        List.of(Mutex.create(), Semaphore.of(1), Barrier.of(1), Deferred.create())) {
      assertTrue(unused.toString().endsWith("not used yet"), unused.toString());
    }
    assertEquals("named", Semaphore.of("named", 1).toString());
    assertEquals("named", Barrier.of("named", 1).toString());
    assertEquals("named", Deferred.create("named").toString());
  }

  @Test
  void eachPlaceAtABarrierIsOnesThoughOthersHaveLeft() throws Exception {
    Barrier barrier = Barrier.of(4);
    List<Integer> places = new ArrayList<>();
    run(
        () -> {
          Fiber<?> leaving = waiting("leaves", barrier::await);
          for (int i = 0; i < 3; i++) {
            runtime.launch(() -> places.add(barrier.await()));
            Fiber.yieldNow();
            leaving.cancel();
          }
          Fiber.yieldNow();
          places.add(barrier.await());
        });
    assertEquals(List.of(3, 0, 1, 2), places);
  }
}
