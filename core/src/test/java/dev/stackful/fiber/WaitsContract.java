package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Engine;
import dev.stackful.fiber.Fiber.State;
import dev.stackful.fiber.FiberRuntime.Progress;
import dev.stackful.fiber.FiberScope.Joiner;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What all waits of fibers have in common, whatever the engine: each can be cancelled and timed
 * out, and the trace and the report of a deadlock say what is waited for.
 */
abstract class WaitsContract extends FiberTesting {
  private static final Duration DAY = Duration.ofDays(1);

  WaitsContract(Engine engine) {
    super(engine);
  }

  /**
   * A wait that lasts longer than any test.
   *
   * @param name of the wait
   * @param described what a trace says
   * @param explained what the report of a deadlock says; null if something may still come, from a
   *     clock or from another thread
   * @param body waits, in a fiber
   */
  private record Wait(String name, String described, @Nullable String explained, Runnable body) {}

  /** What is waited for. It belongs to one runtime, as all of it does. */
  private static final class Things {
    final Channel<String> channel = Channel.rendezvous("c");
    final Mutex mutex = Mutex.create("m");
    final Mutex free = Mutex.create("free");
    final Condition condition = free.newCondition();
    final Semaphore semaphore = Semaphore.of("s", 0);
    final Barrier barrier = Barrier.of("b", 2);
    final Deferred<String> deferred = Deferred.create("d");
    final CompletableFuture<String> stage = new CompletableFuture<>();
    final Fiber<?> holder;

    Things(FiberRuntime runtime) {
      holder =
          runtime.launch(
              "holder",
              () -> {
                mutex.lock();
                Deferred.create("nothing").await();
              });
    }

    List<Wait> waits() {
      return List.of(
          new Wait("sleep", "sleep until PT24H", null, () -> Fiber.sleep(DAY)),
          blocked("join", "join holder", holder::join),
          new Wait("joinWithin", "join holder", null, () -> holder.joinWithin(DAY)),
          blocked("send", "send to c", () -> channel.send("")),
          blocked("receive", "receive from c", channel::receive),
          blocked("iterator", "receive from c", () -> assertTrue(channel.iterator().hasNext())),
          explained("lock", "lock m", ", which holder has locked", mutex::lock),
          explained(
              "withLock", "lock m", ", which holder has locked", () -> mutex.withLock(() -> "")),
          blocked("condition", "await free's condition", this::awaitCondition),
          blocked("acquire", "acquire s", semaphore::acquire),
          blocked("withPermit", "acquire s", () -> semaphore.withPermit(() -> "")),
          explained("barrier", "await b", ", where 1 of 2 have come", barrier::await),
          blocked("deferred", "await d", deferred::await),
          explained(
              "select",
              "select of receive from c, send to c, acquire s, await d, join holder, lock m",
              ", which holder has locked",
              () -> select().select()),
          new Wait(
              "select in time",
              "select of receive from c, send to c, acquire s, await d, join holder, lock m,"
                  + " sleep until PT24H",
              null,
              () -> select().onTimeout(DAY, () -> "").select()),
          blocked("scope", "join the scope of waits", () -> inScope(Joiner.awaitAll(), null)),
          new Wait(
              "scope in time",
              "join the scope of waits",
              null,
              () -> inScope(Joiner.awaitAll(), DAY)),
          new Wait("await", "await a stage", null, () -> Fiber.await(stage)),
          new Wait("await in time", "await a stage", null, () -> Fiber.await(stage, DAY)),
          new Wait("timeout", "await d", null, () -> Fiber.timeout(DAY, deferred::await)),
          new Wait("runWithin", "acquire s", null, () -> Fiber.runWithin(DAY, semaphore::acquire)),
          new Wait("blocking", "wait for a blocking call", null, Things::block));
    }

    private static Wait blocked(String name, String described, Runnable wait) {
      return new Wait(name, described, described, wait);
    }

    private static Wait explained(String name, String described, String reason, Runnable wait) {
      return new Wait(name, described, described + reason, wait);
    }

    private void awaitCondition() {
      free.lock();
      try {
        condition.await();
      } finally {
        free.unlock();
      }
    }

    private Select<String> select() {
      return Select.<String>create()
          .onReceive(channel, x -> x)
          .onSend(channel, "", () -> "")
          .onAcquire(semaphore, () -> "")
          .onValue(deferred, x -> x)
          .onJoin(holder, x -> "")
          .onLock(mutex, () -> "");
    }

    private void inScope(Joiner<Object, ?> joiner, @Nullable Duration limit) {
      try (FiberScope<Object, ?> scope =
          limit == null ? FiberScope.open(joiner) : FiberScope.open(joiner, limit)) {
        scope.launch("forked", deferred::await);
        scope.join();
      }
    }

    private static void block() {
      try {
        Fiber.blocking(
            () -> {
              Thread.sleep(DAY);
              return "";
            });
      } catch (InterruptedException e) {
        throw new AssertionError("only the thread that blocks is interrupted", e);
      }
    }
  }

  /** Does something with each wait, in a runtime of its own. */
  private Stream<DynamicTest> each(Check check) {
    return each(body -> body, check);
  }

  private Stream<DynamicTest> each(UnaryOperator<Runnable> around, Check check) {
    try (FiberRuntime any = builder().build()) {
      List<Wait> waits = new Things(any).waits();
      return Stream.iterate(0, i -> i < waits.size(), i -> i + 1)
          .map(i -> DynamicTest.dynamicTest(waits.get(i).name(), () -> one(i, around, check)));
    }
  }

  private void one(int number, UnaryOperator<Runnable> around, Check check) throws Exception {
    StringWriter trace = new StringWriter();
    try (FiberRuntime own = builder().trace(trace).build()) {
      Wait wait = new Things(own).waits().get(number);
      Fiber<?> fiber = own.launch("waits", around.apply(wait.body()));
      own.runRound();
      assertEquals(State.WAITING, fiber.state());
      check.check(own, wait, fiber, trace.toString());
    }
  }

  private interface Check {
    void check(FiberRuntime own, Wait wait, Fiber<?> fiber, String trace) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> eachCanBeCancelled() {
    return each(
        (own, wait, fiber, trace) -> {
          fiber.cancel();
          await(own, fiber);
          assertEquals(State.CANCELLED, fiber.state());
        });
  }

  @TestFactory
  Stream<DynamicTest> eachCanBeTimedOut() {
    Duration hour = Duration.ofHours(1);
    return each(
        body -> () -> Fiber.runWithin(hour, body),
        (own, wait, fiber, trace) -> {
          own.runFor(hour);
          await(own, fiber);
          assertThrows(FiberFailedException.class, fiber::join);
          assertInstanceOf(FiberTimeoutException.class, fiber.failure().orElseThrow());
          assertEquals(hour, own.now());
        });
  }

  /** A blocking call that is interrupted ends when its thread does. */
  private static void await(FiberRuntime own, Fiber<?> fiber) throws InterruptedException {
    while (!fiber.isDone()) {
      own.runFor(Duration.ZERO);
      Thread.onSpinWait();
    }
  }

  @TestFactory
  Stream<DynamicTest> eachIsInTheTrace() {
    return each(
        (own, wait, fiber, trace) -> {
          String turn = "\"name\":\"waits\",\"args\":{\"then\":\"" + wait.described() + "\"}";
          assertTrue(trace.contains(turn), () -> turn + " is not in " + trace);
        });
  }

  @TestFactory
  Stream<DynamicTest> eachIsInTheReportOfADeadlockUnlessSomethingMayStillCome() {
    return each(
        (own, wait, fiber, trace) -> {
          if (wait.explained() == null) {
            assertEquals(Progress.WAITING, own.runRound());
            return;
          }
          FiberDeadlockException e = assertThrows(FiberDeadlockException.class, own::run);
          assertTrue(e.waiting().contains("waits: " + wait.explained()), e.waiting().toString());
        });
  }
}
