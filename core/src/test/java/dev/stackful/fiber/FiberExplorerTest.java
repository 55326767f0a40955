package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Engine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bugs that the ordinary schedule doesn't show are found, and what is right holds under all. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FiberExplorerTest {
  private static final FiberExplorer EXPLORER = FiberExplorer.create();

  private static FailingScheduleException found(FiberExplorer.Test test) {
    EXPLORER.replay("", test); // the ordinary schedule doesn't show it
    FailingScheduleException e =
        assertThrows(FailingScheduleException.class, () -> EXPLORER.explore(test));
    FailingScheduleException again =
        assertThrows(FailingScheduleException.class, () -> EXPLORER.replay(e.schedule(), test));
    assertEquals(e.schedule(), again.schedule());
    assertEquals(e.trace(), again.trace());
    assertEquals(e.getCause().getClass(), again.getCause().getClass());
    assertTrue(Json.parse(e.trace()) instanceof List<?>, e.trace());
    assertTrue(e.getMessage().contains("\"" + e.schedule() + "\""), e.getMessage());
    return e;
  }

  // ---- three classic bugs -------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void aDeadlockOfTwoLocks(Engine engine) {
    FiberExplorer.Test test =
        runtime -> {
          Mutex one = Mutex.create("one");
          Mutex two = Mutex.create("two");
          runtime.spawn(() -> one.withLock(() -> two.withLock(() -> "")));
          runtime.spawn(() -> two.withLock(() -> one.withLock(() -> "")));
          runtime.run();
        };
    FailingScheduleException e = found(test);
    assertInstanceOf(FiberDeadlockException.class, e.getCause());
    FiberExplorer other = FiberExplorer.builder().engine(engine).build();
    assertEquals(
        e.schedule(),
        assertThrows(FailingScheduleException.class, () -> other.explore(test)).schedule());
  }

  @Test
  void aTestThatForgetsToRunItsFibersIsRefused() {
    FiberExplorer.Test forgetful = runtime -> runtime.launch("unlucky", () -> {});
    FiberExplorer explorer = FiberExplorer.create();
    for (IllegalStateException refusal :
        List.of(
            assertThrows(IllegalStateException.class, () -> explorer.explore(forgetful)),
            assertThrows(IllegalStateException.class, () -> explorer.replay("", forgetful)))) {
      assertEquals(
          "the test has left fibers that never began: unlucky; it must call run on its runtime",
          refusal.getMessage());
    }
  }

  @Test
  void aTestMayLeaveFibersThatHaveBegun() {
    FiberExplorer.Test impatient =
        runtime -> {
          runtime.launch(() -> Fiber.sleep(Duration.ofDays(1)));
          runtime.runFor(Duration.ofSeconds(1));
        };
    assertTrue(FiberExplorer.create().explore(impatient).complete());
    assertTrue(FiberExplorer.create().explore(runtime -> {}).complete());
  }

  @Test
  void aLostWakeUp() {
    FailingScheduleException e =
        found(
            runtime -> {
              Mutex mutex = Mutex.create();
              Condition condition = mutex.newCondition();
              boolean[] ready = {false};
              runtime.launch(
                  "waiter",
                  () -> {
                    mutex.lock();
                    boolean wait = !ready[0];
                    mutex.unlock();
                    mutex.lock(); // what was seen may hold no more
                    if (wait) {
                      condition.await();
                    }
                    mutex.unlock();
                  });
              runtime.spawn(
                  "waker",
                  () ->
                      mutex.withLock(
                          () -> {
                            ready[0] = true;
                            condition.signal();
                            return "";
                          }));
              runtime.run();
            });
    FiberDeadlockException deadlock = assertInstanceOf(FiberDeadlockException.class, e.getCause());
    assertEquals(List.of("waiter: await mutex-1's condition"), deadlock.waiting());
  }

  @Test
  void aBrokenBoundedBuffer() {
    FailingScheduleException e =
        found(
            runtime -> {
              BrokenBuffer buffer = new BrokenBuffer();
              for (int i = 0; i < 2; i++) {
                runtime.launch("taker " + i, buffer::take);
              }
              for (int i = 0; i < 2; i++) {
                runtime.launch("putter " + i, () -> buffer.put(""));
              }
              runtime.run();
            });
    assertInstanceOf(FiberFailedException.class, e.getCause());
  }

  private static final class BrokenBuffer {
    private final ArrayDeque<String> elements = new ArrayDeque<>();
    private final Mutex mutex = Mutex.create();
    private final Condition notEmpty = mutex.newCondition();

    void put(String element) {
      mutex.lock();
      elements.add(element);
      notEmpty.signal();
      mutex.unlock();
    }

    void take() {
      mutex.lock();
      try {
        if (elements.isEmpty()) { // and not while: another taker may have been faster
          notEmpty.await();
        }
        elements.remove();
      } finally {
        mutex.unlock();
      }
    }
  }

  // ---- what is right ------------------------------------------------------------------------

  @Test
  void locksInOneOrderHoldUnderEverySchedule() {
    FiberExplorer all = FiberExplorer.builder().deviations(100).schedules(1_000_000).build();
    FiberExplorer.Result result =
        all.explore(
            runtime -> {
              Mutex one = Mutex.create();
              Mutex two = Mutex.create();
              for (int i = 0; i < 2; i++) {
                runtime.spawn(() -> one.withLock(() -> two.withLock(() -> "")));
              }
              runtime.run();
            });
    assertTrue(result.complete() && result.schedules() > 5, result.toString());
  }

  @Test
  void ourChannelsPassEachElementOnceAndInOrder() {
    for (int capacity = 0; capacity < 3; capacity++) {
      int size = capacity;
      FiberExplorer.Result result =
          FiberExplorer.builder()
              .random(200, 1)
              .build()
              .explore(
                  runtime -> {
                    Channel<Integer> channel =
                        size == 0 ? Channel.rendezvous() : Channel.bounded(size);
                    List<Integer> got = new ArrayList<>();
                    for (int i = 0; i < 2; i++) {
                      int first = 10 * i;
                      runtime.launch(
                          () -> {
                            channel.send(first);
                            channel.send(first + 1);
                          });
                      runtime.launch(
                          () -> {
                            got.add(channel.receive());
                            got.add(channel.receive());
                          });
                    }
                    runtime.run();
                    assertEquals(Set.of(0, 1, 10, 11), new HashSet<>(got));
                    assertEquals(4, got.size());
                  });
      assertTrue(result.schedules() > 100, result.toString());
    }
  }

  @Test
  void ourSelectsTakeOneCaseAloneThoughTheyAreCancelledOrTimeOut() {
    FiberExplorer.builder()
        .random(200, 1)
        .build()
        .explore(
            runtime -> {
              Channel<String> one = Channel.rendezvous();
              Channel<String> two = Channel.bounded(1);
              List<String> sent = new ArrayList<>();
              List<String> got = new ArrayList<>();
              for (Channel<String> channel : List.of(one, two)) {
                runtime.launch(
                    () -> {
                      String element = "to " + channel;
                      try {
                        Fiber.runWithin(
                            Duration.ofSeconds(1),
                            () -> {
                              channel.send(element);
                              sent.add(element);
                            });
                      } catch (FiberTimeoutException e) {
                        // then it was not sent
                      }
                    });
              }
              Fiber<?> selecting =
                  runtime.spawn(
                      () ->
                          got.add(
                              Select.<String>create()
                                  .onReceive(one, s -> s)
                                  .onReceive(two, s -> s)
                                  .select()));
              runtime.launch(selecting::cancel);
              runtime.launch(
                  () -> {
                    try {
                      selecting.join();
                    } catch (CancellationException e) {
                      // which may be before or after it got one
                    }
                  });
              runtime.run();
              runtime.spawn(() -> two.tryReceive(got::add));
              runtime.run();
              assertEquals(new HashSet<>(sent), new HashSet<>(got));
              assertEquals(sent.size(), got.size());
            });
  }

  // ---- the explorer itself ------------------------------------------------------------------

  @Test
  void whatNeedsManyDeviationsIsFoundByChance() {
    FiberExplorer.Test test =
        runtime -> {
          List<Integer> order = new ArrayList<>();
          for (int i = 0; i < 6; i++) {
            int number = i;
            runtime.launch(
                () -> {
                  Fiber.yieldNow();
                  order.add(number);
                });
          }
          runtime.run();
          boolean rises = true;
          for (int i = 1; i < 6; i++) {
            rises &= order.get(i) < order.get(i - 1);
          }
          assertTrue(!rises, "backwards");
        };
    FiberExplorer few =
        FiberExplorer.builder().deviations(1).random(100_000, 1).schedules(100_000).build();
    FailingScheduleException e =
        assertThrows(FailingScheduleException.class, () -> few.explore(test));
    assertTrue(e.getCause().getMessage().startsWith("backwards"), e.getMessage());
  }

  @Test
  void aRunThatDoesNotEndFails() {
    FailingScheduleException e =
        assertThrows(
            FailingScheduleException.class,
            () ->
                FiberExplorer.builder()
                    .turns(100)
                    .build()
                    .explore(
                        runtime -> {
                          runtime.spawn(
                              () -> {
                                while (true) {
                                  Fiber.yieldNow();
                                }
                              });
                          runtime.run();
                        }));
    assertTrue(e.getMessage().contains("100 turns"), e.getMessage());
    assertEquals("", e.schedule());
  }

  @Test
  void aTestThatDependsOnMoreThanTheScheduleIsRefused() {
    int[] calls = {0};
    assertThrows(
        IllegalStateException.class,
        () ->
            EXPLORER.explore(
                runtime -> {
                  int fibers = calls[0]++ < 2 ? 3 : 1;
                  for (int i = 0; i < fibers; i++) {
                    runtime.launch(() -> {});
                  }
                  runtime.run();
                }));
  }

  @Test
  void badSettingsAndSchedulesAreRefused() {
    FiberExplorer.Builder builder = FiberExplorer.builder();
    assertThrows(IllegalArgumentException.class, () -> builder.deviations(-1));
    assertThrows(IllegalArgumentException.class, () -> builder.schedules(0));
    assertThrows(IllegalArgumentException.class, () -> builder.random(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> builder.turns(0));
    for (String bad : List.of("x", "1,", "-1", "9,9")) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              EXPLORER.replay(
                  bad,
                  runtime -> {
                    runtime.launch(() -> {});
                    runtime.launch(() -> {});
                    runtime.run();
                  }),
          bad);
    }
  }

  private static void failsIfBackwards(FiberRuntime runtime) throws Exception {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      runtime.launch(
          () -> {
            Fiber.yieldNow();
            order.add(number);
          });
    }
    runtime.run();
    assertTrue(!order.equals(List.of(2, 1, 0)), "backwards");
  }

  @Test
  void chanceHasItsRunsAlsoWhereTheSearchForAllWasCutShort() {
    FiberExplorer.Builder few = FiberExplorer.builder().schedules(1).random(1_000, 1);
    assertThrows(
        FailingScheduleException.class,
        () -> few.build().explore(FiberExplorerTest::failsIfBackwards));
    FiberExplorer.Result result =
        few.random(20, 1).build().explore(runtime -> twoYields(runtime).run());
    assertEquals(new FiberExplorer.Result(21, false), result);
  }

  private static FiberRuntime twoYields(FiberRuntime runtime) {
    runtime.launch(Fiber::yieldNow);
    runtime.launch(Fiber::yieldNow);
    return runtime;
  }

  @Test
  void aRunInStepsThatDoesNotEndFails() {
    List<FiberExplorer.Test> steps =
        List.of(
            runtime -> runtime.runFor(Duration.ofSeconds(1)),
            runtime -> runtime.runReady(Duration.ofSeconds(1)));
    for (FiberExplorer.Test step : steps) {
      FailingScheduleException e =
          assertThrows(
              FailingScheduleException.class,
              () ->
                  FiberExplorer.builder()
                      .turns(100)
                      .build()
                      .explore(
                          runtime -> {
                            runtime.spawn(
                                () -> {
                                  while (true) {
                                    Fiber.yieldNow();
                                  }
                                });
                            step.run(runtime);
                          }));
      assertTrue(e.getMessage().contains("100 turns"), e.getMessage());
    }
  }
}
