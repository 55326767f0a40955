package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
  void closeOfANewCoroutineDoesNothing() {
    Coroutine<Object, Object> c = echo();
    c.close();
    assertEquals(State.NEW, c.state());
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
}
