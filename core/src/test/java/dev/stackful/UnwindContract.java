package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link Coroutine#raise} and {@link Coroutine#close} promise, whatever the engine. */
abstract class UnwindContract extends EngineContract {
  UnwindContract(Engine engine) {
    super(engine);
  }

  // ---- raise --------------------------------------------------------------------------------

  @Test
  void raiseThrowsAtThePendingYield() {
    SomeException raised = new SomeException();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              try {
                self.yield("before");
                return "not reached";
              } catch (Exception e) {
                return e;
              }
            });
    c.resume("");
    assertSame(raised, c.raise(raised));
    assertTrue(c.isDone());
  }

  @Test
  void aBodyMayCatchWhatWasRaisedAndGoOn() {
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              int caught = 0;
              while (true) {
                try {
                  self.yield(caught);
                } catch (IllegalStateException e) {
                  caught++;
                }
              }
            });
    assertEquals(0, c.resume(""));
    assertEquals(1, c.raise(new IllegalStateException()));
    assertEquals(1, c.resume(""));
    assertEquals(2, c.raise(new IllegalStateException()));
    c.close();
  }

  @Test
  void raiseBeforeTheFirstResumeEndsTheCoroutineWithoutItsBody() {
    AtomicInteger runs = new AtomicInteger();
    Coroutine<Object, Object> c = coroutine((self, first) -> runs.incrementAndGet());
    IllegalStateException raised = new IllegalStateException("raised");
    assertSame(raised, assertThrows(IllegalStateException.class, () -> c.raise(raised)));
    assertEquals(State.DONE, c.state());
    Coroutine<Object, Object> d = coroutine((self, first) -> runs.incrementAndGet());
    assertInstanceOf(
        SomeException.class,
        assertThrows(CoroutineException.class, () -> d.raise(new SomeException())).getCause());
    assertEquals(0, runs.get());
  }

  @Test
  void raiseOfNothingIsRefused() {
    Coroutine<Object, Object> c = echo();
    assertThrows(NullPointerException.class, () -> c.raise(null));
    assertEquals(State.NEW, c.state());
  }

  // ---- close --------------------------------------------------------------------------------

  @Test
  void closeRunsFinallyBlocksHereAndNow() {
    List<String> seen = new ArrayList<>();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              try (AutoCloseable resource = () -> seen.add("resource closed")) {
                try {
                  return self.yield(resource);
                } finally {
                  seen.add("inner finally");
                }
              } finally {
                seen.add("outer finally");
              }
            });
    c.resume("");
    c.close();
    assertEquals(List.of("inner finally", "resource closed", "outer finally"), seen);
    assertEquals(State.DONE, c.state());
    c.close();
  }

  @Test
  void closeEndsANewCoroutineWithoutRunningItsBody() {
    AtomicInteger runs = new AtomicInteger();
    Coroutine<Object, Object> c = coroutine((self, first) -> runs.incrementAndGet());
    c.close();
    assertEquals(State.DONE, c.state());
    NotResumableException e = assertThrows(NotResumableException.class, () -> c.resume(""));
    assertTrue(e.getMessage().contains("it has ended"), e.getMessage());
    c.close();
    assertEquals(0, runs.get());
  }

  @Test
  void aRefusalIsToldFromAnIllegalStateExceptionOfTheBody() {
    IllegalStateException thrown = new IllegalStateException("by the body");
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              throw thrown;
            });
    assertSame(thrown, assertThrows(IllegalStateException.class, () -> c.resume("")));
    assertThrows(NotResumableException.class, () -> c.resume(""));
    assertThrows(NotResumableException.class, () -> c.raise(thrown));
  }

  @Test
  void aYieldDuringAnUnwindingIsUnwoundAtOnce() {
    List<String> seen = new ArrayList<>();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              try {
                return self.yield("first");
              } finally {
                try {
                  self.yield("in finally");
                  seen.add("went on");
                } finally {
                  seen.add("inner finally");
                }
              }
            });
    c.resume("");
    c.close();
    assertEquals(List.of("inner finally"), seen);
    assertTrue(c.isDone());
  }

  @Test
  void aTransferDuringAnUnwindingIsUnwoundAndItsTargetLeftAlone() {
    Coroutine<Object, Object> target =
        coroutine(
            (self, first) -> {
              throw new IllegalStateException("the target must not run");
            });
    List<String> seen = new ArrayList<>();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              try {
                return self.yield("first");
              } finally {
                try {
                  self.transferTo(target, "");
                  seen.add("went on");
                } finally {
                  seen.add("unwound again");
                }
              }
            });
    c.resume("");
    c.close();
    assertEquals(List.of("unwound again"), seen);
    assertTrue(c.isDone());
    assertEquals(State.NEW, target.state());
  }

  @Test
  void aBodyThatNeverStopsTransferringIsGivenUp() {
    Coroutine<Object, Object> target = echo();
    AtomicInteger unwound = new AtomicInteger();
    Coroutine<Object, Object> stubborn =
        coroutine(
            (self, first) -> {
              Object in = "";
              while (unwound.get() < 1000 && !in.equals("stop")) {
                try {
                  in = unwound.get() == 0 ? self.yield("") : self.transferTo(target, "");
                } catch (ForcedUnwind u) {
                  unwound.incrementAndGet();
                }
              }
              return "end";
            });
    stubborn.resume("");
    assertThrows(IllegalStateException.class, stubborn::close);
    assertEquals(100, unwound.get());
    assertEquals(State.SUSPENDED, stubborn.state());
    assertEquals(State.NEW, target.state());
    assertEquals("end", stubborn.resume("stop"));
  }

  @Test
  void anUnwindingBodyMayResumeOthers() {
    Coroutine<Object, Object> other = echo();
    List<Object> seen = new ArrayList<>();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              try {
                return self.yield("");
              } finally {
                seen.add(other.resume("from finally"));
              }
            });
    c.resume("");
    c.close();
    assertEquals(List.of("from finally"), seen);
  }

  @Test
  void catchExceptionDoesNotStopAnUnwinding() {
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              try {
                self.yield("");
              } catch (Exception e) {
                return "stopped it";
              }
              return "";
            });
    c.resume("");
    c.close();
    assertTrue(c.isDone());
  }

  @Test
  void whatABodyThrowsFromItsFinallyComesOutOfClose() {
    IllegalStateException thrown = new IllegalStateException("from finally");
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              try {
                return self.yield("");
              } catch (ForcedUnwind u) {
                throw thrown;
              }
            });
    c.resume("");
    assertSame(thrown, assertThrows(IllegalStateException.class, c::close));
    assertTrue(c.isDone());
  }

  @Test
  void aBodyThatSwallowsTheUnwindingGetsItAgain() {
    AtomicInteger unwinds = new AtomicInteger();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              while (unwinds.get() < 10) {
                try {
                  self.yield("");
                } catch (ForcedUnwind u) {
                  unwinds.incrementAndGet();
                }
              }
              return "";
            });
    c.resume("");
    c.close();
    assertEquals(10, unwinds.get());
    assertTrue(c.isDone());
  }

  @Test
  void closeGivesUpOnABodyThatNeverStopsYielding() {
    AtomicInteger swallowed = new AtomicInteger();
    AtomicInteger stop = new AtomicInteger();
    Coroutine<Object, String> c =
        coroutine(
            (self, first) -> {
              while (stop.get() == 0) {
                try {
                  self.yield("again");
                } catch (ForcedUnwind u) {
                  swallowed.incrementAndGet();
                }
              }
              return "end";
            });
    c.resume("");
    IllegalStateException e = assertThrows(IllegalStateException.class, c::close);
    assertTrue(e.getMessage().contains("ForcedUnwind"), e.getMessage());
    assertEquals(State.SUSPENDED, c.state());
    assertEquals(100, swallowed.get());
    stop.set(1);
    assertEquals("end", c.resume(""));
  }

  @Test
  void closeWhileRunningIsRefused() throws Exception {
    AtomicReference<Coroutine<Object, Object>> me = new AtomicReference<>();
    AtomicReference<Throwable> fromAnotherThread = new AtomicReference<>();
    me.set(
        coroutine(
            (self, first) -> {
              assertThrows(IllegalStateException.class, () -> me.get().close());
              fromAnotherThread.set(
                  inAnotherThread(
                      () -> assertThrows(IllegalStateException.class, () -> me.get().close())));
              return "unharmed";
            }));
    assertEquals("unharmed", me.get().resume(""));
    assertTrue(fromAnotherThread.get().getMessage().contains("another thread"));
  }

  // ---- raise in every state -----------------------------------------------------------------

  @Test
  void raiseWhileRunningOrWaitingIsRefusedAndNothingChanges() throws Exception {
    AtomicReference<Coroutine<Object, Object>> outer = new AtomicReference<>();
    List<String> refusals = new ArrayList<>();
    Coroutine<Object, Object> inner =
        coroutine(
            (self, first) -> {
              assertEquals(State.NORMAL, outer.get().state());
              refusals.add(refusedToRaise(outer.get()));
              refusals.add(inAnotherThread(() -> refusedToRaise(outer.get())));
              return "inner";
            });
    outer.set(
        coroutine(
            (self, first) -> {
              refusals.add(refusedToRaise(outer.get()));
              refusals.add(inAnotherThread(() -> refusedToRaise(outer.get())));
              return self.yield(inner.resume(""));
            }));
    assertEquals("inner", outer.get().resume(""));
    assertEquals("end", outer.get().resume("end"));
    refusals.add(refusedToRaise(outer.get()));
    List<String> reasons =
        List.of("running here", "another thread", "waits for it", "waits for it", "has ended");
    assertEquals(reasons.size(), refusals.size());
    for (int i = 0; i < reasons.size(); i++) {
      String refusal = refusals.get(i);
      assertTrue(refusal.contains(reasons.get(i)), refusal);
      assertTrue(refusal.contains(outer.get().name()), refusal);
    }
  }

  private static String refusedToRaise(Coroutine<Object, Object> c) {
    return assertThrows(IllegalStateException.class, () -> c.raise(new SomeException()))
        .getMessage();
  }

  @Test
  void raiseOfWhatTheBodyDoesNotCatchEndsIt() {
    SomeException checked = new SomeException();
    Coroutine<Object, Object> c = echo();
    c.resume("");
    assertSame(checked, assertThrows(CoroutineException.class, () -> c.raise(checked)).getCause());
    assertEquals(State.DONE, c.state());
    AssertionError error = new AssertionError("raised");
    Coroutine<Object, Object> d = echo();
    d.resume("");
    assertSame(error, assertThrows(AssertionError.class, () -> d.raise(error)));
    assertEquals(State.DONE, d.state());
  }

  @Test
  void anExceptionPassesThroughAHundredCoroutines() {
    SomeException thrown = new SomeException();
    AtomicInteger unwound = new AtomicInteger();
    Coroutine<Object, Object> outermost =
        coroutine(
            (self, first) -> {
              throw thrown;
            });
    for (int i = 0; i < 100; i++) {
      Coroutine<Object, Object> inner = outermost;
      outermost =
          coroutine(
              (self, first) -> {
                try {
                  return inner.resume(first);
                } finally {
                  unwound.incrementAndGet();
                }
              });
    }
    Coroutine<Object, Object> c = outermost;
    Throwable wrapper = assertThrows(CoroutineException.class, () -> c.resume(""));
    assertSame(thrown, wrapper.getCause(), "wrapped once, by the first that let it out");
    assertEquals(100, unwound.get());
    assertTrue(c.isDone());
  }

  @Test
  void aRaiseIsHandedInThroughAHundredCoroutinesAndComesOutAgain() {
    SomeException raised = new SomeException();
    Coroutine<Object, Object> outermost = echo();
    for (int i = 0; i < 100; i++) {
      Coroutine<Object, Object> inner = outermost;
      outermost = coroutine((self, first) -> handsOn(self, first, inner));
    }
    Coroutine<Object, Object> c = outermost;
    assertEquals("in and out", c.resume("in and out"));
    assertEquals("again", c.resume("again"));
    assertSame(raised, assertThrows(CoroutineException.class, () -> c.raise(raised)).getCause());
    assertTrue(c.isDone());
  }

  private static Object handsOn(
      Yielder<Object, Object> self, Object first, Coroutine<Object, Object> inner) {
    Object out = inner.resume(first);
    while (true) {
      Object in;
      try {
        in = self.yield(out);
      } catch (Exception e) {
        return inner.raise(e);
      }
      out = inner.resume(in);
    }
  }

  // ---- close in the middle ------------------------------------------------------------------

  @Test
  void closeRunsTheFinallyBlocksOfEveryFrame() {
    List<Integer> unwound = new ArrayList<>();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              descendToAYield(50, self, unwound);
              return "not reached";
            });
    c.resume("");
    c.close();
    assertEquals(IntStream.rangeClosed(0, 50).boxed().toList(), unwound);
    assertTrue(c.isDone());
  }

  private static void descendToAYield(
      int depth, Yielder<Object, Object> self, List<Integer> unwound) {
    try {
      if (depth == 0) {
        self.yield("at the bottom");
      } else {
        descendToAYield(depth - 1, self, unwound);
      }
    } finally {
      unwound.add(depth);
    }
  }

  @Test
  void closeWithinAnUnwindingUnwindsTheOtherOnly() {
    List<String> seen = new ArrayList<>();
    Coroutine<Object, Object> inner =
        coroutine(
            (self, first) -> {
              try {
                return self.yield("");
              } finally {
                seen.add("inner");
              }
            });
    Coroutine<Object, Object> outer =
        coroutine(
            (self, first) -> {
              inner.resume("");
              try {
                return self.yield("");
              } finally {
                inner.close();
                seen.add("outer, inner " + inner.state());
              }
            });
    outer.resume("");
    outer.close();
    assertEquals(List.of("inner", "outer, inner DONE"), seen);
    assertTrue(outer.isDone());
  }

  @Test
  void aBodyThatIsBeingUnwoundMayResumeAndEndOthers() {
    Coroutine<Object, Object> helper = echo();
    AtomicReference<Object> result = new AtomicReference<>();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              try {
                return self.yield("");
              } finally {
                result.set(helper.resume("from a finally"));
              }
            });
    c.resume("");
    c.close();
    assertEquals("from a finally", result.get());
    assertEquals(State.SUSPENDED, helper.state());
    helper.close();
  }

  @Test
  void theUnwindingOfOneThatIsResumedInAFinallyIsItsOwn() {
    // The inner body's exception, thrown while the outer is unwound, replaces the outer's.
    IllegalStateException thrown = new IllegalStateException("by the inner");
    Coroutine<Object, Object> inner =
        coroutine(
            (self, first) -> {
              throw thrown;
            });
    Coroutine<Object, Object> outer =
        coroutine(
            (self, first) -> {
              try {
                return self.yield("");
              } finally {
                inner.resume("");
              }
            });
    outer.resume("");
    assertSame(thrown, assertThrows(IllegalStateException.class, outer::close));
    assertTrue(inner.isDone() && outer.isDone());
  }

  @Test
  void aCheckedExceptionFromAFinallyComesOutOfCloseAsACause() {
    SomeException thrown = new SomeException();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              try (AutoCloseable failing =
                  () -> {
                    throw thrown;
                  }) {
                return self.yield(failing);
              } catch (ForcedUnwind u) {
                throw thrown;
              }
            });
    c.resume("");
    assertSame(thrown, assertThrows(CoroutineException.class, c::close).getCause());
    assertTrue(c.isDone());
    c.close();
  }

  @Test
  void closeFromAnotherThreadRunsTheFinallyOnTheCoroutinesOwn() throws Exception {
    AtomicReference<Thread> unwoundOn = new AtomicReference<>();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              try {
                return self.yield(Thread.currentThread());
              } finally {
                unwoundOn.set(Thread.currentThread());
              }
            });
    Object thread = c.resume("");
    inAnotherThread(
        () -> {
          c.close();
          return "";
        });
    assertSame(thread, unwoundOn.get());
    assertTrue(c.isDone());
  }

  @Test
  void closeWhileAnotherThreadRunsItIsRefusedAndDoesNotDisturbIt() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              running.countDown();
              goOn.await();
              return self.yield("unharmed");
            });
    FutureTask<Object> resume = new FutureTask<>(() -> c.resume(""));
    Thread.ofPlatform().start(resume);
    running.await();
    IllegalStateException e = assertThrows(IllegalStateException.class, c::close);
    assertTrue(e.getMessage().contains("running, resumed by another thread"), e.getMessage());
    assertEquals(State.RUNNING, c.state());
    goOn.countDown();
    assertEquals("unharmed", resume.get());
    c.close();
    assertTrue(c.isDone());
  }
}
