package dev.stackful.fiber;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Engine;
import dev.stackful.internal.fiber.OutsideWaiter;
import dev.stackful.internal.fiber.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link ChannelEndpoint} and a runtime as an executor promise, whatever the engine. */
abstract class EndpointContract extends FiberTesting {
  EndpointContract(Engine engine) {
    super(engine);
  }

  private static FutureTask<@Nullable Void> start(CheckedAction action) {
    FutureTask<@Nullable Void> task =
        new FutureTask<>(
            () -> {
              action.run();
              return null;
            });
    Thread.ofPlatform().start(task);
    return task;
  }

  private interface CheckedAction {
    void run() throws Exception;
  }

  @Test
  void whoWaitsByAClosedEndpointIsToldOfTheRuntimesEnd() {
    Channel<Integer> channel = Channel.rendezvous();
    ChannelEndpoint<Integer> endpoint = runtime.endpoint(channel);
    CompletableFuture<Integer> received = endpoint.receiveAsync().toCompletableFuture();
    endpoint.close();
    runtime.runRound();
    assertFalse(received.isDone());
    runtime.close();
    ExecutionException e = assertThrows(ExecutionException.class, () -> received.get(1, SECONDS));
    assertInstanceOf(IllegalStateException.class, e.getCause());
  }

  @Test
  void manyThreadsFeedARuntimeAndTakeFromIt() throws Exception {
    int threads = 3;
    int each = 500 / SLOWNESS;
    Channel<Integer> in = Channel.bounded(4);
    Channel<Integer> out = Channel.rendezvous();
    ChannelEndpoint<Integer> feed = runtime.endpoint(in);
    ChannelEndpoint<Integer> results = runtime.endpoint(out);
    for (int i = 0; i < 2; i++) {
      runtime.launch(
          () -> {
            for (int number : in) {
              out.send(2 * number);
            }
          });
    }
    AtomicLong sum = new AtomicLong();
    List<FutureTask<@Nullable Void>> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      tasks.add(
          start(
              () -> {
                for (int k = 1; k <= each; k++) {
                  feed.send(k);
                }
              }));
      tasks.add(
          start(
              () -> {
                for (int k = 1; k <= each; k++) {
                  sum.addAndGet(results.receive());
                }
              }));
    }
    FutureTask<@Nullable Void> closer =
        start(
            () -> {
              for (FutureTask<?> task : tasks) {
                task.get();
              }
              feed.closeChannel();
              feed.close();
              results.close();
              results.close();
            });
    runtime.run();
    closer.get();
    assertEquals(threads * (each * (each + 1L)), sum.get());
    assertThrows(IllegalStateException.class, () -> feed.send(1));
  }

  @Test
  void stagesTellWhenItIsDone() throws Exception {
    Channel<@Nullable String> channel = Channel.bounded(1);
    ChannelEndpoint<@Nullable String> endpoint = runtime.endpoint(channel);
    CompletableFuture<?> first = endpoint.sendAsync("first").toCompletableFuture();
    CompletableFuture<?> second = endpoint.sendAsync(null).toCompletableFuture();
    runtime.runRound();
    runtime.runRound();
    assertTrue(first.isDone());
    assertFalse(second.isDone()); // the channel is full
    run(
        () -> {
          log(channel.receive());
          log(channel.receive());
          CompletableFuture<@Nullable String> received =
              endpoint.receiveAsync().toCompletableFuture();
          channel.send("to outside");
          Fiber.yieldNow();
          log(received.join());
          CompletableFuture<@Nullable String> end = endpoint.receiveAsync().toCompletableFuture();
          channel.close();
          Fiber.yieldNow();
          assertInstanceOf(
              ChannelClosedException.class,
              assertThrows(ExecutionException.class, end::get).getCause());
          endpoint.close();
        });
    assertTrue(second.isDone());
    assertEquals("[first, null, to outside]", log.toString());
  }

  @Test
  void anOpenEndpointIsNoDeadlockAndAClosedOneIs() throws Exception {
    Channel<String> channel = Channel.rendezvous("c");
    ChannelEndpoint<String> endpoint = runtime.endpoint(channel);
    Fiber<String> receiver = runtime.spawn(channel::receive);
    Thread runner = Thread.currentThread();
    FutureTask<?> sender =
        start(
            () -> {
              while (runner.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
              }
              endpoint.send("from outside");
              endpoint.close();
            });
    runtime.run();
    sender.get();
    assertEquals("from outside", receiver.join());
    runtime.spawn(channel::receive);
    assertThrows(FiberDeadlockException.class, runtime::run);
  }

  @Test
  void anInterruptEndsAWaitAndNothingIsLost() throws Exception {
    Channel<String> channel = Channel.rendezvous();
    try (ChannelEndpoint<String> endpoint = runtime.endpoint(channel)) {
      List<CheckedAction> waits = List.of(() -> endpoint.send("never"), endpoint::receive);
      for (CheckedAction wait : waits) {
        FutureTask<@Nullable Void> task =
            new FutureTask<>(
                () -> {
                  assertThrows(InterruptedException.class, wait::run);
                  return null;
                });
        Thread waiter = Thread.ofPlatform().start(task);
        while (waiter.getState() != Thread.State.WAITING) {
          runtime.runRound();
        }
        waiter.interrupt();
        task.get();
      }
      run(
          () -> {
            assertFalse(channel.tryReceive(this::log));
            assertFalse(channel.trySend("nobody waits"));
            log(Select.<String>create().onReceive(channel, s -> s).otherwise(() -> "no").select());
            assertThrows(IllegalStateException.class, () -> endpoint.send(""));
          });
    }
    assertEquals(List.of("no"), log);
  }

  @Test
  void closingTheRuntimeEndsAllWaits() throws Exception {
    FiberRuntime closing = builder().build();
    Channel<String> channel = Channel.rendezvous();
    ChannelEndpoint<String> endpoint = closing.endpoint(channel);
    CompletableFuture<?> sent = endpoint.sendAsync("").toCompletableFuture();
    ChannelEndpoint<String> other = closing.endpoint(Channel.rendezvous());
    FutureTask<?> receiver = start(() -> assertThrows(IllegalStateException.class, other::receive));
    closing.runRound();
    while (!receiver.isDone()) {
      closing.close();
    }
    receiver.get();
    assertInstanceOf(
        IllegalStateException.class, assertThrows(ExecutionException.class, sent::get).getCause());
    assertThrows(IllegalStateException.class, () -> endpoint.sendAsync(""));
    assertThrows(IllegalStateException.class, () -> closing.endpoint(channel));
    assertThrows(IllegalStateException.class, () -> runtime.endpoint(channel)); // another's
  }

  @Test
  void twoRuntimesOnTwoThreadsTalkByEndpoints() throws Exception {
    int rounds = 200 / SLOWNESS;
    Channel<Integer> there = Channel.rendezvous();
    Channel<Integer> back = Channel.rendezvous();
    try (FiberRuntime other = builder().build()) {
      ChannelEndpoint<Integer> toOther = other.endpoint(there);
      ChannelEndpoint<Integer> toUs = runtime.endpoint(back);
      other.launch(
          () -> {
            for (int ball : there) {
              Fiber.await(toUs.sendAsync(ball + 1));
            }
            toUs.close();
          });
      FutureTask<?> task = start(other::run);
      Fiber<Integer> pings =
          runtime.spawn(
              () -> {
                int ball = 0;
                for (int i = 0; i < rounds; i++) {
                  Fiber.await(toOther.sendAsync(ball));
                  ball = back.receive();
                }
                toOther.closeChannel();
                toOther.close();
                return ball;
              });
      runtime.run();
      task.get();
      assertEquals(rounds, pings.join());
    }
  }

  @Test
  void aRuntimeIsAnExecutor() throws Exception {
    FiberRuntime closing = builder().build();
    Executor executor = closing.asExecutor();
    executor.execute(
        () -> {
          log("first");
          Fiber.yieldNow();
          log("third");
        });
    executor.execute(() -> log("second"));
    closing.run();
    assertEquals(List.of("first", "second", "third"), log);
    closing.close();
    assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {}));
  }

  /**
   * Interrupts a thread while the runtime is about to give it an element. That takes a while here:
   * first come many who wanted to send and have given up.
   */
  @Test
  void whoIsInterruptedAsItReceivesHasTheElementOrLeavesIt() throws Exception {
    int rounds = Math.max(3, 20 / SLOWNESS);
    List<Integer> got = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      int element = i;
      Channel<Integer> channel = Channel.bounded(1);
      try (ChannelEndpoint<Integer> endpoint = runtime.endpoint(channel)) {
        runtime.launch(
            () -> {
              assertTrue(channel.trySend(element));
              giveUpSending(channel);
            });
        runtime.runRound();
        FutureTask<@Nullable Void> receiving =
            new FutureTask<>(
                () -> {
                  try {
                    got.add(endpoint.receive());
                  } catch (InterruptedException e) {
                    // it has taken none
                  }
                  return null;
                });
        Thread receiver = Thread.ofPlatform().start(receiving);
        while (receiver.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
        int wait = 1_000 * i;
        FutureTask<@Nullable Void> interrupting =
            start(
                () -> {
                  for (int k = wait; k > 0; k--) {
                    Thread.onSpinWait();
                  }
                  receiver.interrupt();
                });
        while (!receiving.isDone() || !interrupting.isDone()) {
          runtime.runRound();
        }
        receiving.get();
        runtime.launch(() -> channel.tryReceive(got::add));
        runtime.runRound();
      }
      assertEquals(i + 1, got.size(), "lost " + i);
    }
  }

  private static void giveUpSending(Channel<Integer> channel) {
    Scheduler scheduler = Fiber.requireCurrent("a test").scheduler();
    List<OutsideWaiter> senders = new ArrayList<>();
    for (int i = 0; i < 100_000 / SLOWNESS; i++) {
      OutsideWaiter sender = new OutsideWaiter(scheduler, result -> {});
      channel.sendFor(sender, -1);
      senders.add(sender);
    }
    senders.forEach(OutsideWaiter::claim);
  }

  @Test
  void anEndpointThatTwoThreadsCloseIsClosedOnce() throws Exception {
    int rounds = 20_000 / SLOWNESS;
    AtomicReference<@Nullable ChannelEndpoint<Integer>> next = new AtomicReference<>();
    AtomicInteger closed = new AtomicInteger();
    FutureTask<?> other =
        start(
            () -> {
              for (int i = 1; i <= rounds; i++) {
                ChannelEndpoint<Integer> endpoint;
                while ((endpoint = next.getAndSet(null)) == null) {
                  Thread.onSpinWait();
                }
                endpoint.close();
                closed.set(i);
              }
            });
    for (int i = 1; i <= rounds; i++) {
      ChannelEndpoint<Integer> endpoint = runtime.endpoint(Channel.rendezvous());
      next.set(endpoint);
      while (next.get() != null) {
        Thread.onSpinWait();
      }
      endpoint.close();
      while (closed.get() < i) {
        Thread.onSpinWait();
      }
    }
    other.get();
    Channel<Integer> channel = Channel.rendezvous();
    runtime.spawn(channel::receive);
    assertThrows(FiberDeadlockException.class, runtime::run);
  }
}
