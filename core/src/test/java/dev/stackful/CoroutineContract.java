package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine.State;
import dev.stackful.testing.YielderHolder;
import dev.stackful.testing.YieldsInItsInitializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link Coroutine} promises, whatever the engine. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class CoroutineContract {
  private static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  private final Engine engine;

  CoroutineContract(Engine engine) {
    this.engine = engine;
  }

  <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> coroutine(
      Coroutine.Body<I, O> body) {
    return Coroutine.builder().engine(engine).build(body);
  }

  /** A coroutine that yields whatever it gets, for ever. */
  Coroutine<Object, Object> echo() {
    return coroutine(
        (self, first) -> {
          Object value = first;
          while (true) {
            value = self.yield(value);
          }
        });
  }

  static class SomeException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  // ---- values -------------------------------------------------------------------------------

  @Test
  void resumeRunsTheBodyUpToItsNextYield() {
    List<String> seen = new ArrayList<>();
    Coroutine<String, String> c =
        coroutine(
            (self, first) -> {
              seen.add("first " + first);
              seen.add("second " + self.yield("one"));
              seen.add("third " + self.yield("two"));
              return "three";
            });
    assertEquals(List.of(), seen);
    assertEquals("one", c.resume("a"));
    assertEquals(List.of("first a"), seen);
    assertEquals("two", c.resume("b"));
    assertEquals("three", c.resume("c"));
    assertEquals(List.of("first a", "second b", "third c"), seen);
    assertTrue(c.isDone());
  }

  @Test
  void nullIsAValueLikeAnyOther() {
    Coroutine<@Nullable String, @Nullable String> c =
        coroutine(
            (self, first) -> {
              assertNull(first);
              assertNull(self.yield(null));
              return null;
            });
    assertNull(c.resume(null));
    assertFalse(c.isDone());
    assertNull(c.resume());
    assertTrue(c.isDone());
  }

  @Test
  void yieldsFromAnyDepth() {
    Coroutine<Object, Integer> c =
        coroutine(
            (self, first) -> {
              descend(500, self);
              return -1;
            });
    for (int depth = 500; depth > 0; depth--) {
      assertEquals(depth, c.resume(""));
    }
    assertEquals(-1, c.resume(""));
  }

  private static void descend(int depth, Yielder<Object, Integer> self) {
    if (depth > 0) {
      self.yield(depth);
      descend(depth - 1, self);
    }
  }

  @Test
  void yieldsOutOfALambdaInsideAStream() {
    Coroutine<Object, Integer> c =
        coroutine((self, first) -> IntStream.range(0, 5).map(i -> i + (int) self.yield(i)).sum());
    Object value = 100;
    for (int i = 0; i < 5; i++) {
      assertEquals(i, c.resume(value));
    }
    assertEquals(0 + 1 + 2 + 3 + 4 + 500, c.resume(value));
  }

  @Test
  void yieldsOutOfASynchronizedBlockAndKeepsTheMonitor() throws Exception {
    Object monitor = new Object();
    Coroutine<Object, Boolean> c =
        coroutine(
            (self, first) -> {
              synchronized (monitor) {
                self.yield(true);
                return Thread.holdsLock(monitor);
              }
            });
    c.resume("");
    assertFalse(Thread.holdsLock(monitor), "the coroutine's, not ours");
    assertTrue(inAnotherThread(() -> c.resume("")), "held across the yield and the migration");
  }

  @Test
  void yieldsOutOfAStaticInitializer() throws Exception {
    // Each engine needs a class of its own to initialise: load a fresh copy.
    ClassLoader loader = new CopyingLoader();
    Class<?> copy = loader.loadClass(YieldsInItsInitializer.class.getName());
    AtomicReference<Object> result = new AtomicReference<>();
    Coroutine<Object, String> c =
        coroutine(
            (self, first) -> {
              YielderHolder.SELF.set(self);
              result.set(copy.getMethod("value").invoke(null));
              return "end";
            });
    assertEquals("in a static initializer", c.resume(""));
    assertEquals("end", c.resume("initialised"));
    assertEquals("initialised", result.get());
  }

  /** Defines the probe anew, and leaves all other classes to the tests' own loader. */
  static final class CopyingLoader extends ClassLoader {
    CopyingLoader() {
      super(CoroutineContract.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(YieldsInItsInitializer.class.getName())) {
        return super.loadClass(name, resolve);
      }
      String file = name.replace('.', '/') + ".class";
      try (var in = getParent().getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  // ---- ends ---------------------------------------------------------------------------------

  @Test
  void anUncheckedExceptionComesOutOfResumeAsTheSameObject() {
    IllegalArgumentException thrown = new IllegalArgumentException("by the body");
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              self.yield("");
              throw thrown;
            });
    c.resume("");
    assertSame(thrown, assertThrows(IllegalArgumentException.class, () -> c.resume("")));
    assertEquals(State.DONE, c.state());
  }

  @Test
  void anErrorComesOutOfResumeAsTheSameObject() {
    AssertionError thrown = new AssertionError("by the body");
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              throw thrown;
            });
    assertSame(thrown, assertThrows(AssertionError.class, () -> c.resume("")));
    assertTrue(c.isDone());
  }

  @Test
  void aCheckedExceptionIsTheCauseOfACoroutineException() {
    SomeException thrown = new SomeException();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              throw thrown;
            });
    assertSame(thrown, assertThrows(CoroutineException.class, () -> c.resume("")).getCause());
    assertTrue(c.isDone());
  }

  @Test
  void resumeAfterTheEndIsRefused() {
    Coroutine<Object, String> c =
        Coroutine.builder().engine(engine).name("brief").build((self, first) -> "end");
    assertEquals("end", c.resume(""));
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> c.resume(""));
    assertTrue(e.getMessage().contains("brief") && e.getMessage().contains("ended"), e.toString());
    assertThrows(IllegalStateException.class, () -> c.raise(new SomeException()));
    assertEquals(State.DONE, c.state());
  }

  @Test
  void anEndedCoroutineDoesNotDisturbTheNext() {
    for (int i = 0; i < 50; i++) {
      int number = i;
      Coroutine<Object, Integer> failing =
          coroutine(
              (self, first) -> {
                throw new SomeException();
              });
      assertThrows(CoroutineException.class, () -> failing.resume(""));
      Coroutine<Object, Integer> c = coroutine((self, first) -> number + (int) self.yield(number));
      assertEquals(number, c.resume(""));
      assertEquals(number + 7, c.resume(7));
    }
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

  // ---- states and misuse --------------------------------------------------------------------

  @Test
  void statesFollowTheFive() {
    AtomicReference<Coroutine<Object, Object>> outer = new AtomicReference<>();
    List<State> seen = new ArrayList<>();
    Coroutine<Object, Object> inner =
        coroutine(
            (self, first) -> {
              seen.add(outer.get().state());
              self.yield("");
              return "";
            });
    outer.set(
        coroutine(
            (self, first) -> {
              seen.add(outer.get().state());
              inner.resume("");
              seen.add(outer.get().state());
              self.yield("");
              inner.resume("");
              return "";
            }));
    assertEquals(State.NEW, outer.get().state());
    outer.get().resume("");
    assertEquals(State.SUSPENDED, outer.get().state());
    assertEquals(State.SUSPENDED, inner.state());
    outer.get().resume("");
    assertEquals(State.DONE, outer.get().state());
    assertEquals(State.DONE, inner.state());
    assertEquals(List.of(State.RUNNING, State.NORMAL, State.RUNNING), seen);
  }

  @Test
  void resumeOfOneselfIsRefused() {
    AtomicReference<Coroutine<Object, Object>> me = new AtomicReference<>();
    me.set(
        coroutine(
            (self, first) -> {
              IllegalStateException e =
                  assertThrows(IllegalStateException.class, () -> me.get().resume(""));
              assertTrue(e.getMessage().contains(me.get().name()), e.getMessage());
              assertThrows(IllegalStateException.class, () -> me.get().raise(new SomeException()));
              return self.yield("unharmed");
            }));
    assertEquals("unharmed", me.get().resume(""));
    assertEquals("ok", me.get().resume("ok"));
  }

  @Test
  void resumeOfOneThatWaitsForUsIsRefused() {
    AtomicReference<Coroutine<Object, Object>> outer = new AtomicReference<>();
    Coroutine<Object, Object> inner =
        coroutine(
            (self, first) -> {
              IllegalStateException e =
                  assertThrows(IllegalStateException.class, () -> outer.get().resume(""));
              assertTrue(e.getMessage().contains("waits"), e.getMessage());
              assertThrows(IllegalStateException.class, () -> outer.get().close());
              return "unharmed";
            });
    outer.set(coroutine((self, first) -> inner.resume("")));
    assertEquals("unharmed", outer.get().resume(""));
  }

  @Test
  void yieldOnAForeignThreadIsRefused() throws Exception {
    AtomicReference<Yielder<Object, Object>> leaked = new AtomicReference<>();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              leaked.set(self);
              inAnotherThread(() -> assertThrows(WrongThreadException.class, () -> self.yield("")));
              Coroutine<Object, Object> inner =
                  coroutine(
                      (innerSelf, innerFirst) ->
                          assertThrows(WrongThreadException.class, () -> self.yield("")));
              inner.resume("");
              return self.yield("unharmed");
            });
    assertEquals("unharmed", c.resume(""));
    assertThrows(WrongThreadException.class, () -> leaked.get().yield(""));
    assertEquals(State.SUSPENDED, c.state());
    assertEquals("ok", c.resume("ok"));
  }

  @Test
  void yieldAfterTheEndIsRefused() {
    AtomicReference<Yielder<Object, Object>> leaked = new AtomicReference<>();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              leaked.set(self);
              return "";
            });
    c.resume("");
    assertThrows(IllegalStateException.class, () -> leaked.get().yield(""));
    // The next coroutine may get the same stack; it is not the first one's for that.
    Coroutine<Object, Object> next =
        coroutine(
            (self, first) ->
                assertThrows(IllegalStateException.class, () -> leaked.get().yield("")));
    assertInstanceOf(IllegalStateException.class, next.resume(""));
  }

  @Test
  void ofTwoThreadsThatRaceToResumeExactlyOneWins() throws Exception {
    int rounds = 5_000 / SLOWNESS;
    AtomicInteger wins = new AtomicInteger();
    AtomicInteger refusals = new AtomicInteger();
    CyclicBarrier round = new CyclicBarrier(2);
    // The loser finds the coroutine running or, once the winner is through, suspended again: so the
    // winner keeps it running until the loser has tried.
    CyclicBarrier tried = new CyclicBarrier(2);
    Coroutine<Object, Object> contested =
        coroutine(
            (self, first) -> {
              while (true) {
                tried.await();
                self.yield("");
              }
            });
    Runnable racer =
        () -> {
          try {
            for (int i = 0; i < rounds; i++) {
              round.await();
              try {
                contested.resume("");
                wins.incrementAndGet();
              } catch (IllegalStateException e) {
                refusals.incrementAndGet();
                tried.await();
              }
            }
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Future<?> one = executor.submit(racer);
      Future<?> two = executor.submit(racer);
      one.get();
      two.get();
    }
    assertEquals(rounds, wins.get());
    assertEquals(rounds, refusals.get());
    contested.close();
  }

  // ---- identity -----------------------------------------------------------------------------

  @Test
  void currentIsTheCoroutineWhoseBodyCalls() {
    assertTrue(Coroutine.current().isEmpty());
    AtomicReference<Coroutine<Object, Object>> me = new AtomicReference<>();
    Coroutine<Object, Object> inner =
        coroutine(
            (self, first) -> {
              assertNotSame(me.get(), Coroutine.current().orElseThrow());
              return "";
            });
    me.set(
        coroutine(
            (self, first) -> {
              assertSame(me.get(), Coroutine.current().orElseThrow());
              inner.resume("");
              assertSame(me.get(), Coroutine.current().orElseThrow());
              return "";
            }));
    me.get().resume("");
    assertTrue(Coroutine.current().isEmpty());
  }

  @Test
  void theThreadIsTheSameWhoeverResumes() throws Exception {
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              while (true) {
                self.yield(Thread.currentThread());
              }
            });
    Object thread = c.resume("");
    assertNotSame(Thread.currentThread(), thread);
    assertSame(thread, c.resume(""));
    for (int i = 0; i < 20; i++) {
      assertSame(thread, inAnotherThread(() -> c.resume("")));
      assertSame(thread, inAVirtualThread(() -> c.resume("")));
    }
    c.close();
  }

  @Test
  void threadLocalsAndLocksAreTheCoroutinesOwn() throws Exception {
    ThreadLocal<String> local = ThreadLocal.withInitial(() -> "initial");
    ReentrantLock lock = new ReentrantLock();
    local.set("resumer's");
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              assertEquals("initial", local.get());
              local.set("coroutine's");
              lock.lock();
              try {
                for (int i = 0; i < 10; i++) {
                  self.yield("");
                  assertEquals("coroutine's", local.get());
                  assertTrue(lock.isHeldByCurrentThread());
                }
              } finally {
                lock.unlock();
                local.remove();
              }
              return "end";
            });
    c.resume("");
    for (int i = 0; i < 9; i++) {
      inAnotherThread(() -> c.resume(""));
      assertEquals("resumer's", local.get());
      assertTrue(lock.isLocked() && !lock.isHeldByCurrentThread());
    }
    assertEquals("end", c.resume(""));
    assertFalse(lock.isLocked());
  }

  @Test
  void theContextClassLoaderIsThatOfTheFirstResumer() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    ClassLoader other = new ClassLoader(before) {};
    Coroutine<Object, Object> c =
        coroutine((self, first) -> Thread.currentThread().getContextClassLoader());
    Thread.currentThread().setContextClassLoader(other);
    try {
      assertSame(other, c.resume(""));
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    Coroutine<Object, Object> next =
        coroutine((self, first) -> Thread.currentThread().getContextClassLoader());
    assertSame(before, next.resume(""));
  }

  @Test
  void namesAreTheThreadsToo() {
    Coroutine<Object, Object> c =
        Coroutine.builder()
            .engine(engine)
            .name("parser")
            .build((self, first) -> self.yield(Thread.currentThread().getName()));
    assertEquals("parser", c.name());
    assertEquals("parser", c.resume(""));
    assertTrue(c.toString().contains("parser") && c.toString().contains("SUSPENDED"));
    c.close();
    assertTrue(echo().name().startsWith("coroutine-"));
    assertNotSame(echo().name(), echo().name());
    assertSame(engine, echo().engine());
  }

  @Test
  void stackTraceShowsWhereTheBodyStands() {
    Coroutine<Object, Integer> c =
        coroutine(
            (self, first) -> {
              descend(2, self);
              return -1;
            });
    assertArrayEquals(new StackTraceElement[0], c.stackTrace());
    c.resume("");
    c.resume("");
    List<String> methods =
        Arrays.stream(c.stackTrace()).map(StackTraceElement::getMethodName).toList();
    assertEquals(3, methods.size(), methods.toString());
    assertEquals(List.of("descend", "descend"), methods.subList(0, 2));
    assertTrue(methods.get(2).startsWith("lambda$"), methods.toString());
    c.resume("");
    assertArrayEquals(new StackTraceElement[0], c.stackTrace());
  }

  // ---- nesting, migration -------------------------------------------------------------------

  @Test
  void coroutinesNestAHundredDeep() {
    assertEquals(100, nested(100).resume(""));
  }

  private Coroutine<Object, Integer> nested(int depth) {
    return coroutine(
        (self, first) -> {
          if (depth == 0) {
            return 0;
          }
          Coroutine<Object, Integer> inner = nested(depth - 1);
          return 1 + inner.resume("");
        });
  }

  @Test
  void aCoroutineMayResumeItsSiblings() {
    List<String> seen = new ArrayList<>();
    List<Coroutine<Object, Object>> siblings = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      siblings.add(
          coroutine(
              (self, first) -> {
                seen.add(number + " in");
                if (number < 2) {
                  siblings.get(number + 1).resume("");
                }
                self.yield("");
                seen.add(number + " out");
                return "";
              }));
    }
    siblings.get(0).resume("");
    siblings.forEach(c -> c.resume(""));
    assertEquals(List.of("0 in", "1 in", "2 in", "0 out", "1 out", "2 out"), seen);
  }

  @Test
  void migratesBetweenThreadsThousandsOfTimes() throws Exception {
    Coroutine<Object, Integer> c =
        coroutine(
            (self, first) -> {
              int count = 0;
              while (true) {
                self.yield(++count);
              }
            });
    int perThread = 2_000 / SLOWNESS;
    AtomicInteger resumes = new AtomicInteger();
    Runnable resumer =
        () -> {
          int done = 0;
          while (done < perThread) {
            try {
              c.resume("");
              resumes.incrementAndGet();
              done++;
            } catch (IllegalStateException e) {
              LockSupport.parkNanos(10_000); // another thread has it, and may need our processor
            }
          }
        };
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(Thread.ofPlatform().start(resumer));
      threads.add(Thread.ofPlatform().start(resumer));
      threads.add(Thread.ofVirtual().start(resumer));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(6 * perThread, resumes.get());
    assertEquals(6 * perThread + 1, c.resume(""));
    c.close();
  }

  @Test
  void interruptingTheResumerDoesNotDisturbTheBody() {
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              assertFalse(Thread.currentThread().isInterrupted());
              self.yield("");
              Thread.currentThread().interrupt();
              self.yield("");
              assertTrue(Thread.interrupted());
              return "end";
            });
    Thread.currentThread().interrupt();
    c.resume("");
    assertTrue(Thread.interrupted(), "still the resumer's");
    c.resume("");
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals("end", c.resume(""));
  }

  @Test
  void blockingInTheBodyBlocksTheResumer() throws Exception {
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              Thread.sleep(1);
              synchronized (self) {
                self.wait(1);
              }
              Thread thread = Thread.ofPlatform().start(() -> {});
              thread.join();
              LockSupport.parkNanos(1_000);
              return self.yield("through");
            });
    assertEquals("through", c.resume(""));
    c.close();
  }

  // ---- builder ------------------------------------------------------------------------------

  @Test
  void stackSizesOutOfRangeAreRefused() {
    for (long size : new long[] {0, -1, Long.MIN_VALUE, (1L << 30) + 1, Long.MAX_VALUE}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> Coroutine.builder().stackSize(size));
      assertTrue(e.getMessage().contains(Long.toString(size)), e.getMessage());
    }
  }

  @Test
  void tinyAndHugeStacksWork() {
    for (long size : new long[] {1, 4096, 1 << 20, 1L << 30}) {
      Coroutine<Object, Object> c =
          Coroutine.builder()
              .engine(engine)
              .stackSize(size)
              .freshStack(true)
              .build((self, first) -> self.yield(first));
      assertEquals("in", c.resume("in"));
      assertEquals("out", c.resume("out"));
    }
  }

  @Test
  void aFreshStackHasNoThreadLocalsOfAnother() {
    ThreadLocal<String> local = new ThreadLocal<>();
    for (int i = 0; i < 3; i++) {
      Coroutine<Object, Object> dirty =
          coroutine(
              (self, first) -> {
                local.set("left behind");
                return "";
              });
      dirty.resume("");
      Coroutine<Object, Boolean> clean =
          Coroutine.builder()
              .engine(engine)
              .freshStack(true)
              .build((self, first) -> local.get() == null);
      assertTrue(clean.resume(""));
    }
  }

  @Test
  void nullArgumentsAreRefused() {
    assertThrows(NullPointerException.class, () -> Coroutine.of(null));
    assertThrows(NullPointerException.class, () -> Coroutine.builder().build(null));
    assertThrows(NullPointerException.class, () -> Coroutine.builder().engine(null));
    assertThrows(NullPointerException.class, () -> Coroutine.builder().name(null));
  }

  // ---- helpers ------------------------------------------------------------------------------

  static <T extends @Nullable Object> T inAnotherThread(Callable<T> action) throws Exception {
    return in(Thread.ofPlatform(), action);
  }

  static <T extends @Nullable Object> T inAVirtualThread(Callable<T> action) throws Exception {
    return in(Thread.ofVirtual(), action);
  }

  private static <T extends @Nullable Object> T in(Thread.Builder builder, Callable<T> action)
      throws Exception {
    FutureTask<T> task = new FutureTask<>(action);
    builder.start(task);
    return task.get();
  }
}
