package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine.State;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link Yielder#transferTo} promises, whatever the engine. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class TransferContract {
  private static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  private final Engine engine;
  private final int tokens;

  TransferContract(Engine engine, int tokens) {
    this.engine = engine;
    this.tokens = Math.max(1_000, tokens / SLOWNESS);
  }

  private <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> coroutine(
      Coroutine.Body<I, O> body) {
    return Coroutine.builder().engine(engine).build(body);
  }

  @Test
  void theTargetsYieldsGoToTheResumerOfWhoTransferred() {
    Coroutine<String, String> target =
        coroutine(
            (self, first) -> {
              String second = self.yield("target got " + first);
              return "target ends with " + second;
            });
    Coroutine<String, String> source =
        coroutine((self, first) -> "source got " + self.transferTo(target, first + " handed on"));
    assertEquals("target got one handed on", source.resume("one"));
    assertEquals(State.SUSPENDED, source.state());
    assertEquals(State.SUSPENDED, target.state());
    assertEquals("target ends with two", target.resume("two"));
    assertEquals("source got three", source.resume("three"));
    assertTrue(source.isDone() && target.isDone());
  }

  @Test
  void whoComesBackIsToldByTheCoroutineAndNotByItsStack() {
    AtomicReference<Coroutine<String, String>> a = new AtomicReference<>();
    Coroutine<String, String> c =
        coroutine((self, first) -> "c ends with " + self.yield("c yields"));
    Coroutine<String, String> b =
        coroutine(
            (self, first) -> {
              a.get().close(); // its stack may serve another now
              return "b ends with " + self.transferTo(c, "");
            });
    a.set(coroutine((self, first) -> self.transferTo(b, "")));
    assertEquals("c yields", a.get().resume(""));
    assertEquals(State.SUSPENDED, c.state());
    assertTrue(a.get().isDone());
    assertEquals("c ends with 1", c.resume("1"));
    assertEquals("b ends with 2", b.resume("2"));
  }

  @Test
  void currentIsThereInABodyThatNobodyElseHolds() {
    AtomicReference<@Nullable Coroutine<String, String>> source = new AtomicReference<>();
    AtomicReference<@Nullable Coroutine<String, String>> target = new AtomicReference<>();
    target.set(
        coroutine(
            (self, first) -> {
              source.getAndSet(null).close(); // with it goes the last who holds the handle
              WeakReference<Object> garbage = new WeakReference<>(new Object());
              while (garbage.get() != null) {
                System.gc();
              }
              return Coroutine.current().isPresent() ? "there" : "empty";
            }));
    source.set(coroutine((self, first) -> self.transferTo(target.getAndSet(null), "")));
    assertEquals("there", source.get().resume(""));
  }

  @Test
  void whoHasEndedIsNotKeptByWhoeverTransferredToIt() {
    List<WeakReference<String>> names = new ArrayList<>();
    Coroutine<String, String> previous = coroutine((self, first) -> self.yield("suspended"));
    previous.resume("");
    for (int i = 0; i < 10; i++) {
      Coroutine<String, String> target = previous;
      String name = new String("transfers " + i);
      names.add(new WeakReference<>(name));
      previous =
          Coroutine.builder()
              .engine(engine)
              .name(name)
              .<String, String>build((self, first) -> self.transferTo(target, "end"));
      assertEquals("end", previous.resume(""));
      assertTrue(target.isDone());
    }
    assertEquals(State.SUSPENDED, previous.state());
    names.removeLast();
    names.removeLast(); // its target's: the suspended body holds that
    while (names.stream().anyMatch(name -> name.get() != null)) {
      assertFalse(Thread.currentThread().isInterrupted(), "some are kept");
      System.gc();
    }
    previous.close();
  }

  @Test
  void whenTheTargetEndsItAloneIsDone() {
    Coroutine<String, String> target = coroutine((self, first) -> "end of target");
    Coroutine<String, String> source =
        coroutine((self, first) -> self.transferTo(target, "") + ", then source");
    assertEquals("end of target", source.resume(""));
    assertTrue(target.isDone());
    assertFalse(source.isDone());
    assertEquals("again, then source", source.resume("again"));
  }

  @Test
  void whatTheTargetThrowsComesOutOfThePendingResume() {
    IllegalStateException thrown = new IllegalStateException("by the target");
    Coroutine<String, String> target =
        coroutine(
            (self, first) -> {
              throw thrown;
            });
    Coroutine<String, String> source = coroutine((self, first) -> self.transferTo(target, ""));
    assertSame(thrown, assertThrows(IllegalStateException.class, () -> source.resume("")));
    assertEquals(State.DONE, target.state());
    assertEquals(State.SUSPENDED, source.state());
    assertEquals("unharmed", source.resume("unharmed"));
  }

  @Test
  void aTransferBackGoesOnWhereTheFirstOneStands() {
    AtomicReference<Coroutine<String, String>> ping = new AtomicReference<>();
    Coroutine<String, String> pong =
        coroutine(
            (self, first) -> {
              String value = first;
              while (true) {
                value = self.transferTo(ping.get(), value + " pong");
              }
            });
    ping.set(
        coroutine(
            (self, first) -> {
              String value = first;
              for (int i = 0; i < 3; i++) {
                value = self.transferTo(pong, value + " ping");
              }
              return value;
            }));
    assertEquals("go ping pong ping pong ping pong", ping.get().resume("go"));
    assertEquals(State.SUSPENDED, pong.state());
    pong.close();
  }

  @Test
  void aRingPassesATokenRoundAndRound() {
    int size = 1_000;
    List<Coroutine<Integer, Integer>> ring = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int next = (i + 1) % size;
      ring.add(
          Coroutine.builder()
              .engine(engine)
              .stackSize(128 * 1024)
              .build(
                  (self, first) -> {
                    int token = first;
                    while (token > 0) {
                      token = self.transferTo(ring.get(next), token - 1);
                    }
                    return next;
                  }));
    }
    // The token starts at tokens with the first, so the one that gets 0 is this far round.
    assertEquals((tokens + 1) % size, ring.getFirst().resume(tokens));
    assertEquals(1, ring.stream().filter(Coroutine::isDone).count());
    ring.forEach(Coroutine::close);
    assertTrue(ring.stream().allMatch(Coroutine::isDone));
  }

  @Test
  void aTransferInsideANestedCoroutineStaysInside() {
    Coroutine<String, String> target =
        coroutine((self, first) -> self.yield("from target to outer"));
    Coroutine<String, String> inner =
        coroutine((self, first) -> self.transferTo(target, "") + " in inner");
    Coroutine<String, String> outer = coroutine((self, first) -> inner.resume("") + ", in outer");
    assertEquals("from target to outer, in outer", outer.resume(""));
    assertEquals("later in inner", inner.resume("later"));
    target.close();
  }

  @Test
  void targetsThatCannotBeResumedAreRefusedAndNothingChanges() {
    AtomicReference<Coroutine<String, String>> me = new AtomicReference<>();
    AtomicReference<Coroutine<String, String>> outer = new AtomicReference<>();
    Coroutine<String, String> done = coroutine((self, first) -> "");
    done.resume("");
    Engine otherEngine =
        engine == Engine.VIRTUAL_THREAD ? Engine.PLATFORM_THREAD : Engine.VIRTUAL_THREAD;
    Coroutine<String, String> other =
        Coroutine.builder().engine(otherEngine).build((self, first) -> "");
    me.set(
        coroutine(
            (self, first) -> {
              assertThrows(NullPointerException.class, () -> self.transferTo(null, ""));
              assertThrows(IllegalStateException.class, () -> self.transferTo(me.get(), ""));
              assertThrows(IllegalStateException.class, () -> self.transferTo(outer.get(), ""));
              assertThrows(IllegalStateException.class, () -> self.transferTo(done, ""));
              assertThrows(IllegalArgumentException.class, () -> self.transferTo(other, ""));
              return self.yield("unharmed");
            }));
    outer.set(coroutine((self, first) -> me.get().resume("")));
    assertEquals("unharmed", outer.get().resume(""));
    assertEquals(State.NEW, other.state());
    assertEquals("ok", me.get().resume("ok"));
  }

  @Test
  void aForeignThreadMayNotTransfer() {
    AtomicReference<Yielder<String, String>> leaked = new AtomicReference<>();
    Coroutine<String, String> target = coroutine((self, first) -> "");
    Coroutine<String, String> source =
        coroutine(
            (self, first) -> {
              leaked.set(self);
              return self.yield("");
            });
    source.resume("");
    assertThrows(WrongThreadException.class, () -> leaked.get().transferTo(target, ""));
    assertEquals(State.NEW, target.state());
    source.close();
  }

  @Test
  void raiseAndCloseReachATransferThatIsPending() {
    List<String> seen = new ArrayList<>();
    Coroutine<String, String> target =
        coroutine(
            (self, first) -> {
              while (true) {
                self.yield("");
              }
            });
    Coroutine<String, String> source =
        coroutine(
            (self, first) -> {
              try {
                try {
                  self.transferTo(target, "");
                } catch (IllegalArgumentException e) {
                  seen.add("caught");
                }
                return self.transferTo(target, "");
              } finally {
                seen.add("finally");
              }
            });
    source.resume("");
    source.raise(new IllegalArgumentException());
    source.close();
    assertEquals(List.of("caught", "finally"), seen);
    assertTrue(source.isDone());
    target.close();
  }

  @Test
  void aTransferInAFinallyDoesNotStopCloseNorRunItsTarget() {
    List<String> seen = new ArrayList<>();
    Coroutine<String, String> target =
        coroutine(
            (self, first) -> {
              seen.add("target");
              return self.yield("");
            });
    Coroutine<String, String> source =
        coroutine(
            (self, first) -> {
              try {
                return self.yield("");
              } finally {
                try {
                  self.transferTo(target, "");
                } finally {
                  seen.add("finally");
                }
              }
            });
    source.resume("");
    source.close();
    assertEquals(List.of("finally"), seen);
    assertTrue(source.isDone());
    assertEquals(State.NEW, target.state());
    target.close();
  }

  @Test
  void whoTransferredMayBeResumedElsewhereWhileTheTargetRuns() throws Exception {
    CountDownLatch targetRuns = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Coroutine<String, String> target =
        coroutine(
            (self, first) -> {
              targetRuns.countDown();
              goOn.await();
              return self.yield("target to the first resumer");
            });
    Coroutine<String, String> source =
        coroutine(
            (self, first) -> {
              String second = self.transferTo(target, "");
              return self.yield("source to " + second);
            });
    AtomicReference<String> first = new AtomicReference<>();
    Thread resumer = Thread.ofPlatform().start(() -> first.set(source.resume("")));
    targetRuns.await();
    for (int i = 0; i < 100 && source.state() != State.SUSPENDED; i++) {
      Thread.onSpinWait();
    }
    assertEquals("source to the second resumer", source.resume("the second resumer"));
    goOn.countDown();
    resumer.join();
    assertEquals("target to the first resumer", first.get());
    assertEquals("end", source.resume("end"));
    assertEquals("end", target.resume("end"));
  }

  @Test
  void transfersFollowWhoeverResumesNext() throws Exception {
    // Two that pass a turn between them; each turn is resumed from another thread.
    AtomicReference<Coroutine<Integer, Thread>> one = new AtomicReference<>();
    AtomicReference<Coroutine<Integer, Thread>> two = new AtomicReference<>();
    one.set(coroutine(passer(two)));
    two.set(coroutine(passer(one)));
    for (int i = 0; i < 50; i++) {
      Coroutine<Integer, Thread> next = i % 2 == 0 ? one.get() : two.get();
      AtomicReference<@Nullable Thread> got = new AtomicReference<>();
      Thread.Builder builder = i % 3 == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
      builder.start(() -> got.set(next.resume(i2()))).join();
      assertTrue(got.get() != null);
    }
    one.get().close();
    two.get().close();
  }

  private static int i2() {
    return 5;
  }

  private static Coroutine.Body<Integer, Thread> passer(
      AtomicReference<Coroutine<Integer, Thread>> other) {
    return (self, first) -> {
      int left = first;
      while (true) {
        left =
            left > 0 ? self.transferTo(other.get(), left - 1) : self.yield(Thread.currentThread());
      }
    };
  }
}
