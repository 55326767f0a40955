package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.ForcedUnwind;
import dev.stackful.fiber.Fiber.State;
import dev.stackful.fiber.FiberRuntime.Progress;
import dev.stackful.internal.fiber.SplitMix64;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What {@link FiberRuntime} promises, whatever the engine. */
abstract class FiberRuntimeContract extends FiberTesting {
  private static final Duration SECOND = Duration.ofSeconds(1);

  FiberRuntimeContract(Engine engine) {
    super(engine);
  }

  private void yields(String name, int times) {
    for (int i = 0; i < times; i++) {
      log(name + i);
      Fiber.yieldNow();
    }
  }

  // ---- spawning and running -----------------------------------------------------------------

  @Test
  void withoutFibersRunReturns() throws Exception {
    runtime.run();
    assertEquals(Progress.DONE, runtime.runRound());
    assertEquals(engine, runtime.engine());
    assertEquals("fibers", runtime.name());
    assertEquals("FiberRuntime[fibers]", runtime.toString());
  }

  @Test
  void fibersSpawnFibersWhichGoToTheEndOfTheQueue() throws Exception {
    runtime.launch(
        () -> {
          runtime.launch(() -> log("child"));
          log("parent");
        });
    runtime.launch(() -> log("sibling"));
    runtime.run();
    assertEquals(List.of("parent", "sibling", "child"), log);
  }

  @Test
  void runMayBeCalledAgainAndSpawnAfterTheEndIsForTheNextRun() throws Exception {
    for (int i = 0; i < 3; i++) {
      String name = "run " + i;
      runtime.launch(() -> log(name));
      runtime.run();
    }
    assertEquals(List.of("run 0", "run 1", "run 2"), log);
  }

  @Test
  void anotherThreadMaySpawnWhileRunWaits() throws Exception {
    Thread runner = Thread.currentThread();
    CompletableFuture<String> stage = new CompletableFuture<>();
    runtime.launch(() -> log(Fiber.await(stage)));
    Thread spawner =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (runner.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                  }
                  runtime.spawn(() -> stage.complete("by a fiber from outside"));
                });
    runtime.run();
    spawner.join();
    assertEquals(List.of("by a fiber from outside"), log);
  }

  @Test
  void manyThreadsMaySpawnWhileItRuns() throws Exception {
    int threads = 4;
    int each = 1_000 / SLOWNESS;
    AtomicInteger ran = new AtomicInteger();
    CompletableFuture<String> end = new CompletableFuture<>();
    runtime.spawn(() -> Fiber.await(end));
    List<Thread> spawners = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      spawners.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int k = 0; k < each; k++) {
                      runtime.launch(
                          () -> {
                            if (ran.incrementAndGet() == threads * each) {
                              end.complete("");
                            }
                          });
                    }
                  }));
    }
    runtime.run();
    for (Thread spawner : spawners) {
      spawner.join();
    }
    assertEquals(threads * each, ran.get());
  }

  @Test
  void aRuntimeRunsOnOneThreadAtATime() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    runtime.spawn(() -> Fiber.await(stage));
    Thread runner = Thread.ofPlatform().name("the runner").unstarted(this::runUnchecked);
    runner.start();
    while (runner.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    List<Executable> attempts =
        List.of(
            runtime::run,
            runtime::runRound,
            () -> runtime.runReady(SECOND),
            () -> runtime.runFor(SECOND),
            runtime::close);
    for (Executable attempt : attempts) {
      String message = assertThrows(IllegalStateException.class, attempt).getMessage();
      assertTrue(message.contains("the runner"), message);
    }
    stage.complete("");
    runner.join();
    runtime.run(); // nobody runs it any more
  }

  private void runUnchecked() {
    try {
      runtime.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFiberCannotRunTheRuntimeThatRunsIt() throws Exception {
    runtime.launch(
        "inner",
        () -> {
          String message = assertThrows(IllegalStateException.class, runtime::run).getMessage();
          assertTrue(message.contains("the fiber inner"), message);
          assertThrows(IllegalStateException.class, runtime::close);
          log("refused");
        });
    runtime.run();
    assertEquals(List.of("refused"), log);
  }

  @Test
  void aFiberMayRunAnotherRuntime() throws Exception {
    runtime.spawn(
        () -> {
          try (FiberRuntime inner = builder().build()) {
            Fiber<String> fiber =
                inner.spawn(
                    () -> {
                      yields("inner", 2);
                      Fiber.sleep(SECOND);
                      runtime.launch(() -> log("from inner to outer"));
                      return "result of inner";
                    });
            inner.launch(() -> yields("other", 2));
            inner.run();
            log(fiber.join());
            Fiber.yieldNow();
            log("outer goes on");
          }
          return null;
        });
    runtime.launch(() -> log("outer"));
    runtime.run();
    assertEquals(
        List.of(
            "inner0",
            "other0",
            "inner1",
            "other1",
            "result of inner",
            "outer",
            "outer goes on",
            "from inner to outer"),
        log);
  }

  @Test
  void twoRuntimesRunOnTwoThreadsAndTalkByFutures() throws Exception {
    int rounds = 100 / SLOWNESS;
    List<CompletableFuture<Integer>> pings = futures(rounds);
    List<CompletableFuture<Integer>> pongs = futures(rounds);
    try (FiberRuntime other = builder().build()) {
      other.launch(
          () -> {
            for (int i = 0; i < rounds; i++) {
              pongs.get(i).complete(Fiber.await(pings.get(i)) + 1);
            }
          });
      FutureTask<Void> task =
          new FutureTask<>(
              () -> {
                other.run();
                return null;
              });
      Thread thread = Thread.ofPlatform().start(task);
      Fiber<Integer> sum =
          runtime.spawn(
              () -> {
                int value = 0;
                for (int i = 0; i < rounds; i++) {
                  pings.get(i).complete(value);
                  value = Fiber.await(pongs.get(i));
                }
                return value;
              });
      runtime.run();
      assertEquals(rounds, sum.join());
      task.get();
      thread.join();
    }
  }

  private static List<CompletableFuture<Integer>> futures(int count) {
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      futures.add(new CompletableFuture<>());
    }
    return futures;
  }

  @Test
  void aRuntimeMayGoOnOnAnotherThread() throws Exception {
    runtime.launch(() -> yields("a", 5));
    for (int i = 0; i < 4; i++) {
      Thread.ofPlatform().start(runtime::runRound).join();
      Thread.ofVirtual().start(runtime::runRound).join();
    }
    assertEquals(List.of("a0", "a1", "a2", "a3", "a4"), log);
    assertEquals(Progress.DONE, runtime.runRound());
  }

  @Test
  void anInterruptEndsTheWaitAndLeavesTheFibersAsTheyWere() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Fiber<String> fiber = runtime.spawn(() -> Fiber.await(stage));
    Thread runner =
        Thread.ofPlatform()
            .start(
                () -> {
                  assertThrows(InterruptedException.class, runtime::run);
                  log("interrupted");
                });
    while (runner.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    runner.interrupt();
    runner.join();
    assertEquals(List.of("interrupted"), log);
    stage.complete("result");
    runtime.run();
    assertEquals("result", fiber.join());
  }

  // ---- steps --------------------------------------------------------------------------------

  @Test
  void aRoundGivesOneTurnToEachThatWasReady() {
    runtime.launch(
        () -> {
          log("a0");
          runtime.launch(() -> yields("child", 1));
          Fiber.yieldNow();
          log("a1");
        });
    runtime.launch(() -> yields("b", 2));
    assertEquals(Progress.READY, runtime.runRound());
    assertEquals(List.of("a0", "b0"), log);
    log.clear();
    assertEquals(Progress.READY, runtime.runRound());
    assertEquals(List.of("child0", "a1", "b1"), log);
    assertEquals(Progress.DONE, runtime.runRound());
  }

  @Test
  void whoIsCancelledBeforeItsTurnLeavesThatToNobodyElse() {
    try (FiberRuntime strict = builder().cancelOnFailure().build()) {
      Channel<String> never = Channel.rendezvous();
      Fiber<?> waits =
          strict.launch(
              () -> {
                try {
                  never.receive();
                } finally {
                  log("interrupted");
                  Fiber.yieldNow();
                  log("cleaned up");
                }
              });
      strict.runRound();
      Fiber<?> yields = strict.launch(() -> yields("yields", 1));
      strict.launch(FiberContract::fail);
      strict.launch(() -> log("never begins"));
      strict.launch(() -> log("never begins"));
      assertEquals(Progress.READY, strict.runRound());
      assertEquals(List.of("yields0"), log);
      assertEquals(State.READY, waits.state());
      assertEquals(Progress.READY, strict.runRound());
      assertEquals(List.of("yields0", "interrupted"), log);
      assertEquals(State.CANCELLED, yields.state());
      assertThrows(FiberFailedException.class, strict::runRound);
      assertEquals(List.of("yields0", "interrupted", "cleaned up"), log);
    }
  }

  @Test
  void withASeedARoundGivesOneTurnToEachToo() {
    try (FiberRuntime seeded = builder().seed(42).build()) {
      List<Integer> turns = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        int number = i;
        seeded.launch(
            () -> {
              for (int k = 0; k < 5; k++) {
                turns.add(number);
                Fiber.yieldNow();
              }
            });
      }
      Set<List<Integer>> orders = new HashSet<>();
      for (int k = 0; k < 5; k++) {
        turns.clear();
        seeded.runRound();
        assertEquals(10, new HashSet<>(turns).size());
        orders.add(List.copyOf(turns));
      }
      assertTrue(orders.size() > 1);
    }
  }

  @Test
  void stepsTellWhatIsLeft() throws Exception {
    assertEquals(Progress.DONE, runtime.runReady(SECOND));
    runtime.launch(() -> Fiber.sleep(SECOND));
    assertEquals(Progress.WAITING, runtime.runReady(SECOND));
    assertEquals(Progress.WAITING, runtime.runRound());
    assertEquals(Progress.WAITING, runtime.runFor(SECOND.minusNanos(1)));
    assertEquals(Progress.DONE, runtime.runFor(Duration.ofNanos(1)));
    assertEquals(SECOND, runtime.now());
  }

  @Test
  void runForMovesVirtualTimeByTheDuration() throws Exception {
    runtime.launch(
        () -> {
          for (int i = 0; i < 10; i++) {
            Fiber.sleep(SECOND);
            log(runtime.now().toString());
          }
        });
    assertEquals(Progress.WAITING, runtime.runFor(Duration.ofMillis(2_500)));
    assertEquals(Duration.ofMillis(2_500), runtime.now());
    assertEquals(List.of("PT1S", "PT2S"), log);
    assertEquals(Progress.WAITING, runtime.runFor(Duration.ofMillis(500)));
    assertEquals(List.of("PT1S", "PT2S", "PT3S"), log); // what is due at the end, too
    assertEquals(Progress.DONE, runtime.runFor(Duration.ofDays(1)));
    assertEquals(Duration.ofDays(1).plusSeconds(3), runtime.now()); // though the last ended earlier
    assertEquals(Progress.DONE, runtime.runFor(SECOND)); // and without fibers
    assertEquals(Duration.ofDays(1).plusSeconds(4), runtime.now());
  }

  @Test
  void whatIsCancelledBeforeItsStartIsNotReady() {
    runtime.launch(() -> Fiber.sleep(SECOND));
    runtime.runRound();
    runtime.launch(() -> log("never")).cancel();
    assertEquals(Progress.WAITING, runtime.runReady(Duration.ZERO));
    runtime.launch(() -> log("never")).cancel();
    assertEquals(Progress.WAITING, runtime.runRound());
    runtime.launch(() -> runtime.launch(() -> log("never")).cancel());
    assertEquals(Progress.WAITING, runtime.runRound());
    assertEquals(List.of(), log);
  }

  @Test
  void aTimeLimitStopsFibersThatAreReadyForEver() {
    class Ticking implements FiberClock {
      private long nanos;

      @Override
      public long nanoTime() {
        return nanos++;
      }

      @Override
      public void parkUntil(long deadlineNanos) {
        nanos = deadlineNanos;
      }
    }
    try (FiberRuntime ticking = builder().clock(new Ticking()).build()) {
      AtomicInteger turns = new AtomicInteger();
      for (int i = 0; i < 3; i++) {
        ticking.spawn(
            () -> {
              while (true) {
                turns.incrementAndGet();
                Fiber.yieldNow();
              }
            });
      }
      assertEquals(Progress.READY, ticking.runReady(Duration.ofNanos(100)));
      assertTrue(turns.get() > 50 && turns.get() <= 101, "turns: " + turns);
    }
  }

  @Test
  void negativeDurationsAreRefused() {
    Duration negative = Duration.ofSeconds(-1);
    assertThrows(IllegalArgumentException.class, () -> runtime.runReady(negative));
    assertThrows(IllegalArgumentException.class, () -> runtime.runFor(negative));
    assertThrows(
        IllegalArgumentException.class, () -> Select.create().onTimeout(negative, () -> ""));
  }

  @Test
  void theLastStepThrowsTheFailuresThatNobodyJoined() {
    runtime.launch(FiberContract::fail);
    runtime.launch(() -> yields("a", 1));
    assertEquals(Progress.READY, runtime.runRound());
    assertThrows(FiberFailedException.class, runtime::runRound);
    assertEquals(Progress.DONE, runtime.runRound());
  }

  // ---- real time ----------------------------------------------------------------------------

  @Test
  void withTheRealClockASleepLastsAsLongAsItSays() throws Exception {
    try (FiberRuntime real = FiberRuntime.builder().engine(engine).build()) {
      long start = System.nanoTime();
      real.launch(() -> Fiber.sleep(Duration.ofMillis(20)));
      real.launch(() -> Fiber.sleep(Duration.ofMillis(10)));
      real.run();
      assertTrue(System.nanoTime() - start >= 20_000_000);
    }
  }

  @Test
  void aTimerFiresThoughOthersAreAlwaysReady() throws Exception {
    try (FiberRuntime real = FiberRuntime.builder().engine(engine).build()) {
      Fiber<?> sleeper = real.launch(() -> Fiber.sleep(Duration.ofMillis(1)));
      for (int i = 0; i < 2; i++) {
        real.launch(
            () -> {
              while (!sleeper.isDone()) {
                Fiber.yieldNow();
              }
            });
      }
      real.run();
    }
  }

  @Test
  void somethingFromOutsideCutsAWaitForATimerShort() throws Exception {
    try (FiberRuntime real = FiberRuntime.builder().engine(engine).build()) {
      Thread runner = Thread.currentThread();
      Fiber<?> sleeper = real.launch(() -> Fiber.sleep(Duration.ofDays(1)));
      Thread.ofPlatform()
          .start(
              () -> {
                while (runner.getState() != Thread.State.TIMED_WAITING) {
                  Thread.onSpinWait();
                }
                sleeper.cancel();
              });
      real.run();
      assertEquals(State.CANCELLED, sleeper.state());
    }
  }

  @Test
  void spuriousWakeUpsDoNoHarm() throws Exception {
    try (FiberRuntime real = FiberRuntime.builder().engine(engine).build()) {
      Thread runner = Thread.currentThread();
      real.launch(() -> Fiber.sleep(Duration.ofMillis(20)));
      for (int i = 0; i < 10; i++) {
        LockSupport.unpark(runner);
      }
      long start = System.nanoTime();
      real.run();
      assertTrue(System.nanoTime() - start >= 20_000_000);
    }
  }

  @Test
  void aMillionTimersInVirtualTime() throws Exception {
    int fibers = 1_000;
    int each = 1_000 / SLOWNESS / (engine == Engine.NATIVE ? 1 : 20);
    SplitMix64 random = new SplitMix64(1);
    AtomicInteger woken = new AtomicInteger();
    for (int i = 0; i < fibers; i++) {
      runtime.launch(
          () -> {
            for (int k = 0; k < each; k++) {
              Duration before = runtime.now();
              int seconds = 1 + random.nextInt(1_000_000);
              Fiber.sleep(Duration.ofSeconds(seconds));
              assertEquals(before.plusSeconds(seconds), runtime.now());
              woken.incrementAndGet();
            }
          });
    }
    runtime.run();
    assertEquals(fibers * each, woken.get());
  }

  @Test
  void whoIsCancelledBeforeTheRuntimeLearnsOfItIsNotMissedAmongTheOthers() throws Exception {
    Channel<String> never = Channel.rendezvous("never");
    runtime.launch("waits", () -> waitsAndCleansUp(never));
    runtime.launch(
        () -> {
          List<Fiber<?>> early = new ArrayList<>();
          Coroutine.of(
                  (self, first) -> {
                    early.add(runtime.launch("early", () -> log("never begins")));
                    return null;
                  })
              .resume(null);
          early.getFirst().cancel();
          assertEquals(State.CANCELLED, early.getFirst().state());
        });
    runtime.launch("waits too", () -> waitsAndCleansUp(never));
    FiberDeadlockException e = assertThrows(FiberDeadlockException.class, runtime::run);
    assertEquals(
        List.of("waits: receive from never", "waits too: receive from never"), e.waiting());
    runtime.close();
    assertEquals(List.of("cleaned up", "cleaned up"), log);
  }

  private void waitsAndCleansUp(Channel<String> channel) {
    try {
      channel.receive();
    } finally {
      log("cleaned up");
    }
  }

  // ---- deadlock -----------------------------------------------------------------------------

  @Test
  void aDeadlockListsEveryFiberWithWhatItWaitsForAndItsStack() throws Exception {
    Channel<String> pipe = Channel.rendezvous("the pipe");
    Fiber<?> receiver = runtime.launch("receiver", () -> waitsInADeepCall(pipe));
    runtime.spawn("joiner", receiver::join);
    runtime.spawn(
        "selector",
        () ->
            Select.<String>create()
                .onReceive(pipe, s -> s)
                .onReceive(Channel.<String>rendezvous(), s -> s)
                .select());
    FiberDeadlockException e = assertThrows(FiberDeadlockException.class, runtime::run);
    assertEquals(
        List.of(
            "receiver: receive from the pipe",
            "joiner: join receiver",
            "selector: select of receive from the pipe, receive from channel-1"),
        e.waiting());
    e.waiting().forEach(line -> assertTrue(e.getMessage().contains(line), e.getMessage()));
    assertTrue(e.getMessage().contains("waitsInADeepCall"), e.getMessage());
    assertTrue(e.getMessage().contains("FiberRuntime[fibers]"), e.getMessage());
    assertThrows(FiberDeadlockException.class, runtime::run); // still

    runtime.launch(() -> pipe.send("help")); // whoever knows better
    assertThrows(FiberDeadlockException.class, runtime::run); // the selector still waits
    assertEquals(State.SUCCEEDED, receiver.state());
    assertEquals(List.of("help"), log);
  }

  private void waitsInADeepCall(Channel<String> channel) {
    log(channel.receive());
  }

  @Test
  void fibersThatJoinEachOtherAreADeadlock() throws Exception {
    List<Fiber<?>> fibers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int next = (i + 1) % 3;
      fibers.add(runtime.spawn(() -> fibers.get(next).join()));
    }
    FiberDeadlockException e = assertThrows(FiberDeadlockException.class, runtime::run);
    assertEquals("fiber-1: join fiber-2", e.waiting().getFirst());
    runtime.close();
    fibers.forEach(fiber -> assertEquals(State.CANCELLED, fiber.state()));
  }

  @Test
  void anAwaitThatNeverCompletesIsNoDeadlockInSteps() throws Exception {
    Fiber<?> fiber = runtime.spawn(() -> Fiber.await(new CompletableFuture<>()));
    assertEquals(Progress.WAITING, runtime.runReady(SECOND));
    assertEquals(Progress.WAITING, runtime.runFor(SECOND));
    assertEquals(SECOND, runtime.now());
    runtime.close();
    assertEquals(State.CANCELLED, fiber.state());
  }

  // ---- failures -----------------------------------------------------------------------------

  @Test
  void aFailureThatNobodyWaitsForIsToldAtOnce() throws Exception {
    runtime.launch("alone", FiberContract::fail);
    Fiber<?> joined = runtime.launch("joined", FiberContract::failLater);
    Fiber<?> observed = runtime.launch("observed", FiberContract::fail);
    CompletableFuture<?> future = observed.toCompletableFuture();
    runtime.spawn(() -> assertThrows(FiberFailedException.class, joined::join));
    runtime.launch(
        "parent",
        () -> {
          try (var scope = FiberScope.open(FiberScope.Joiner.awaitAll())) {
            scope.fork("forked", () -> "" + FiberContract.failing());
            scope.join();
          }
        });
    runtime.launch(
        () -> {
          Fiber.sleep(SECOND);
          log("at the end: " + unheard);
        });
    FiberFailedException e = assertThrows(FiberFailedException.class, runtime::run);
    assertTrue(e.getMessage().contains("alone"), e.getMessage());
    assertEquals(0, e.getSuppressed().length);
    assertTrue(future.isCompletedExceptionally());
    assertEquals(List.of("at the end: [alone]"), log);
  }

  @Test
  void withCancelOnFailureTheOthersEndAndRunThrows() {
    try (FiberRuntime strict = builder().cancelOnFailure().build()) {
      Fiber<?> other =
          strict.launch(
              () -> {
                try {
                  Fiber.sleep(Duration.ofDays(1));
                } finally {
                  Fiber.sleep(SECOND);
                  log("cleaned up at " + strict.now());
                }
              });
      Fiber<?> unborn = strict.launch(FiberContract::fail);
      strict.launch(() -> log("never begins"));
      FiberFailedException e = assertThrows(FiberFailedException.class, strict::run);
      assertSame(unborn.failure().orElseThrow(), e.getCause());
      assertEquals(List.of("cleaned up at PT1S"), log);
      assertEquals(State.CANCELLED, other.state());
      assertEquals(List.of(unborn.name()), unheard);
    }
  }

  @Test
  void aHandlerOfFailuresMayThrowAndCannotSuspend() throws Exception {
    try (FiberRuntime odd =
        builder()
            .onFailure(
                (fiber, thrown) -> {
                  log(assertThrows(IllegalStateException.class, Fiber::yieldNow).getMessage());
                  throw new IllegalStateException("on purpose, and logged");
                })
            .build()) {
      odd.launch("failing", FiberContract::fail);
      odd.launch(() -> log("goes on"));
      assertThrows(FiberFailedException.class, odd::run);
    }
    assertTrue(log.getFirst().contains("the fiber failing has ended"), log.getFirst());
    assertEquals("goes on", log.getLast());
  }

  @Test
  void failuresAndFibersThatNeverBeganAreLogged() {
    List<LogRecord> records = new ArrayList<>();
    Handler handler = handler(records::add);
    Logger logger = Logger.getLogger("dev.stackful.fiber");
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    FiberRuntime plain = FiberRuntime.builder().engine(engine).name("plain").build();
    try {
      plain.launch("failing", FiberContract::fail);
      assertThrows(FiberFailedException.class, plain::run);
      plain.launch("forgotten", () -> {});
      plain.close();
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertEquals(
        List.of(Level.SEVERE, Level.WARNING), records.stream().map(LogRecord::getLevel).toList());
    assertTrue(records.getFirst().getThrown() instanceof IllegalArgumentException);
    for (String part : List.of("the fiber failing", "FiberRuntime[plain]")) {
      assertTrue(records.getFirst().getMessage().contains(part), records.getFirst().getMessage());
    }
    for (String part : List.of("forgotten", "FiberRuntime[plain]", "FiberRuntime.run")) {
      assertTrue(records.getLast().getMessage().contains(part), records.getLast().getMessage());
    }
  }

  @Test
  void aLoggerThatThrowsKeepsNoFiberFromItsEnd() {
    Handler handler =
        handler(
            entry -> {
              throw new IllegalStateException("the disk is full");
            });
    Logger logger = Logger.getLogger("dev.stackful.fiber");
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    FiberRuntime plain = FiberRuntime.builder().engine(engine).build();
    try {
      plain.launch("failing", FiberContract::fail);
      assertInstanceOf(
          IllegalArgumentException.class,
          assertThrows(FiberFailedException.class, plain::run).getCause());
      Fiber<?> forgotten = plain.launch("forgotten", () -> {});
      plain.close();
      assertEquals(State.CANCELLED, forgotten.state());
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
  }

  private static Handler handler(Consumer<LogRecord> publishes) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        publishes.accept(entry);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void runtimesWithoutANameAreToldApart() {
    try (FiberRuntime one = FiberRuntime.create();
        FiberRuntime other = FiberRuntime.create()) {
      assertTrue(one.name().startsWith("fibers-"), one.name());
      assertNotEquals(one.name(), other.name());
      assertNotEquals(one.toString(), other.toString());
    }
  }

  @Test
  void aStepOfNoTimeRunsNobody() {
    runtime.launch(() -> log("ran"));
    assertEquals(Progress.READY, runtime.runReady(Duration.ZERO));
    assertEquals(List.of(), log);
  }

  // ---- seeds --------------------------------------------------------------------------------

  private String schedule(FiberRuntime.Builder builder) throws InterruptedException {
    StringBuilder order = new StringBuilder();
    try (FiberRuntime some = builder.build()) {
      for (char name = 'a'; name < 'f'; name++) {
        char letter = name;
        some.launch(
            () -> {
              for (int i = 0; i < 5; i++) {
                order.append(letter);
                Fiber.yieldNow();
              }
            });
      }
      some.run();
    }
    return order.toString();
  }

  @Test
  void theOrderOfASeedIsTheSameEverywhere() throws Exception {
    assertEquals("abcdeabcdeabcdeabcdeabcde", schedule(builder()));
    assertEquals(schedule(builder().seed(1)), schedule(builder().seed(1)));
    assertNotEquals(schedule(builder().seed(1)), schedule(builder().seed(2)));
    assertEquals(
        "baabcebdabeeeeaabdcdcccdd",
        schedule(builder().seed(7))); // on every engine, processor and JDK
  }

  // ---- depth first --------------------------------------------------------------------------

  @Test
  void depthFirstTheLatestGoesOnNextAndOneThatYieldsLast() throws Exception {
    try (FiberRuntime deep = builder().depthFirst().build()) {
      deep.launch(() -> log("first"));
      deep.launch(
          () -> {
            Fiber<?> child = deep.launch(() -> log("child"));
            deep.launch(
                () -> {
                  log("younger child");
                  Fiber.yieldNow();
                  log("has yielded");
                });
            log("parent");
            child.join();
            log("joined");
          });
      deep.run();
    }
    assertEquals(
        List.of("parent", "younger child", "child", "joined", "first", "has yielded"), log);
  }

  @Test
  void depthFirstATreeNeedsAStackForEachOfItsLevels() throws Exception {
    for (boolean depthFirst : new boolean[] {true, false}) {
      try (FiberRuntime some = (depthFirst ? builder().depthFirst() : builder()).build()) {
        int[] begun = {0, 0};
        Fiber<Integer> tree = some.spawn(() -> leaves(some, 3, begun));
        some.run();
        assertEquals(125, tree.join());
        assertEquals(depthFirst ? 4 : 32, begun[1]); // of 156; 31 have children
      }
    }
  }

  /**
   * The number of leaves of a tree of fibers.
   *
   * @param begun how many fibers have begun and have not ended, and how many it has been at most
   */
  private static int leaves(FiberRuntime some, int levels, int[] begun) {
    begun[1] = Math.max(begun[1], ++begun[0]);
    int sum = levels == 0 ? 1 : 0;
    List<Fiber<Integer>> children = new ArrayList<>();
    for (int i = 0; i < 5 && levels > 0; i++) {
      children.add(some.spawn(() -> leaves(some, levels - 1, begun)));
    }
    for (Fiber<Integer> child : children) {
      sum += child.join();
    }
    begun[0]--;
    return sum;
  }

  @Test
  void depthFirstARoundStillGivesOneTurnToEach() throws Exception {
    try (FiberRuntime deep = builder().depthFirst().build()) {
      for (String name : List.of("a", "b", "c")) {
        deep.launch(
            () -> {
              deep.launch(() -> log("child of " + name));
              yields(name, 2);
            });
      }
      assertEquals(Progress.READY, deep.runRound());
      assertEquals(List.of("a0", "b0", "c0"), log);
      log.clear();
      assertEquals(Progress.READY, deep.runRound());
      assertEquals(List.of("child of a", "a1", "child of b", "b1", "child of c", "c1"), log);
    }
  }

  @Test
  void depthFirstARunThatHasFailedLeavesNothingOfItsOrder() throws Exception {
    boolean[] broken = {false};
    FiberClock clock =
        new FiberClock() {
          @Override
          public long nanoTime() {
            if (broken[0]) {
              throw new IllegalStateException("the clock is broken");
            }
            return 0;
          }

          @Override
          public void parkUntil(long deadlineNanos) {}
        };
    try (FiberRuntime deep = builder().depthFirst().clock(clock).build()) {
      deep.launch(() -> broken[0] = true);
      assertThrows(IllegalStateException.class, () -> deep.runReady(Duration.ofDays(1)));
      broken[0] = false;
      for (String name : List.of("a", "b", "c")) {
        deep.launch(() -> log(name));
      }
      deep.runRound();
    }
    assertEquals(List.of("a", "b", "c"), log);
  }

  @Test
  void depthFirstAndASeedAreTwoOrders() {
    FiberRuntime.Builder both = builder().depthFirst().seed(1);
    IllegalStateException refused = assertThrows(IllegalStateException.class, both::build);
    assertTrue(refused.getMessage().contains("leave one of them out"), refused::getMessage);
  }

  // ---- close --------------------------------------------------------------------------------

  @Test
  void closeCancelsWhatIsLeftAndWaitsForNoSleep() {
    Fiber<?> sleeper =
        runtime.launch(
            () -> {
              try {
                Fiber.sleep(SECOND);
              } finally {
                Fiber.yieldNow();
                log("cleaned up");
                try {
                  Fiber.sleep(SECOND);
                } finally {
                  log("twice");
                }
              }
            });
    Fiber<?> ready =
        runtime.spawn(
            () -> {
              while (true) {
                Fiber.yieldNow();
              }
            });
    runtime.runRound();
    Fiber<?> unborn = runtime.launch(() -> log("never"));
    runtime.close();
    assertEquals(List.of("cleaned up", "twice"), log);
    for (Fiber<?> fiber : List.of(sleeper, ready, unborn)) {
      assertEquals(State.CANCELLED, fiber.state());
    }
    assertTrue(runtime.now().isZero());
    runtime.close();
  }

  @Test
  void closeUnwindsAFiberThatCatchesEveryCancellation() {
    AtomicInteger caught = new AtomicInteger();
    Fiber<?> stubborn =
        runtime.spawn(
            () -> {
              while (true) {
                try {
                  Fiber.sleep(SECOND);
                } catch (FiberCancelled c) {
                  caught.incrementAndGet();
                }
              }
            });
    runtime.runRound();
    runtime.close();
    assertTrue(caught.get() >= 1);
    assertEquals(State.CANCELLED, stubborn.state());
  }

  @Test
  void closeNamesTheFibersThatRefuseToEndAndEndsTheOthers() {
    for (boolean failing : List.of(false, true)) {
      FiberRuntime refused = builder().build();
      List<Fiber<?>> stubborn = new ArrayList<>();
      for (String name : List.of("a", "b")) {
        stubborn.add(refused.launch(name, FiberRuntimeContract::catchesEverything));
      }
      Fiber<?> other = refused.launch("c", () -> yields("c", 1_000_000));
      if (failing) {
        refused.launch("d", FiberContract::fail);
      }
      refused.runRound();
      RuntimeException thrown = assertThrows(RuntimeException.class, refused::close);
      Throwable refusal = failing ? thrown.getSuppressed()[0] : thrown;
      assertEquals("the fiber a can't be ended", refusal.getMessage());
      assertEquals("the fiber b can't be ended", refusal.getSuppressed()[0].getMessage());
      assertEquals(failing, thrown instanceof FiberFailedException);
      assertEquals(State.CANCELLED, other.state());
      stubborn.forEach(fiber -> assertEquals(State.WAITING, fiber.state()));
      refused.close();
    }
  }

  private static void catchesEverything() {
    while (true) {
      try {
        Fiber.sleep(SECOND);
      } catch (FiberCancelled | ForcedUnwind e) {
        // which is wrong
      }
    }
  }

  @Test
  void closeUnwindsAFiberThatNeverStopsYielding() {
    Fiber<?> stubborn =
        runtime.spawn(
            () -> {
              try {
                while (true) {
                  try {
                    Fiber.yieldNow();
                  } catch (FiberCancelled c) {
                    log("caught");
                  }
                }
              } finally {
                log("unwound");
              }
            });
    runtime.runRound();
    runtime.close();
    assertEquals("unwound", log.getLast());
    assertEquals(State.CANCELLED, stubborn.state());
  }

  @Test
  void closeThrowsTheFailuresThatNobodyJoined() {
    try (FiberRuntime failing = builder().build()) {
      failing.launch(
          () -> {
            try {
              Fiber.sleep(SECOND);
            } finally {
              FiberContract.fail();
            }
          });
      failing.runRound();
      assertInstanceOf(
          IllegalArgumentException.class,
          assertThrows(FiberFailedException.class, failing::close).getCause());
    }
  }

  @Test
  void aClosedRuntimeRefusesFibersAndRuns() {
    runtime.close();
    for (Executable attempt :
        List.<Executable>of(() -> runtime.launch(() -> {}), runtime::run, runtime::runRound)) {
      String message = assertThrows(IllegalStateException.class, attempt).getMessage();
      assertTrue(message.contains("it is closed"), message);
    }
  }

  // ---- settings -----------------------------------------------------------------------------

  @Test
  void settingsAreChecked() {
    FiberRuntime.Builder builder = FiberRuntime.builder();
    assertThrows(IllegalArgumentException.class, () -> builder.stackSize(0));
    assertThrows(IllegalArgumentException.class, () -> builder.stackSize(Long.MAX_VALUE));
    assertThrows(NullPointerException.class, () -> builder.engine(null));
    assertThrows(NullPointerException.class, () -> builder.clock(null));
    assertThrows(NullPointerException.class, () -> builder.name(null));
    assertThrows(NullPointerException.class, () -> builder.trace(null));
    assertThrows(NullPointerException.class, () -> runtime.launch((Runnable) null));
    assertThrows(NullPointerException.class, () -> runtime.launch(null, () -> {}));
    assertFalse(runtime.toString().isEmpty());
  }

  @Test
  void aTurnMayBeAllowedToLastForLongerThanNanosecondsCount() throws Exception {
    FiberRuntime watched = builder().watchTurns(Duration.ofSeconds(Long.MAX_VALUE)).build();
    watched.launch(() -> log("ran"));
    watched.run();
    watched.close();
    assertEquals(List.of("ran"), log);
  }

  /** Descends until the stack is full, and then tries on the way back, until it works. */
  @SuppressWarnings("InfiniteRecursion") // the overflow ends it
  private static boolean deepest(Runnable action) {
    try {
      if (deepest(action)) {
        return true;
      }
    } catch (StackOverflowError e) {
      // the action, too, needs more than there is
    }
    action.run();
    return true;
  }

  @Test
  void aCloseThatFindsTooLittleOfTheStackMayBeTriedAgain() throws Exception {
    FiberRuntime closing = builder().build();
    Fiber<?> fiber =
        closing.launch(
            () -> {
              try {
                Fiber.sleep(Duration.ofDays(1));
              } finally {
                log("unwound");
              }
            });
    closing.runRound();
    int[] overflows = {0};
    Runnable close =
        () -> {
          try {
            closing.close();
          } catch (StackOverflowError e) {
            overflows[0]++;
            throw e;
          }
        };
    Thread deep = new Thread(null, () -> deepest(close), "deep", 512 * 1024);
    deep.start();
    deep.join();
    assertTrue(overflows[0] > 0);
    assertTrue(fiber.isDone());
    assertEquals(List.of("unwound"), log);
    assertThrows(IllegalStateException.class, () -> closing.launch(() -> {}));
  }
}
