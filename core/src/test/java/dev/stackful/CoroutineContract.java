package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine.State;
import dev.stackful.testing.YielderHolder;
import dev.stackful.testing.YieldsInItsInitializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link Coroutine} promises, whatever the engine. */
abstract class CoroutineContract extends EngineContract {
  CoroutineContract(Engine engine) {
    super(engine);
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
  void anOutOfMemoryErrorComesOutOfResumeOrIsTheBodysToCatch() {
    Coroutine<Object, Object> survives =
        coroutine(
            (self, first) -> {
              try {
                return new Object[] {new long[(int) first]};
              } catch (OutOfMemoryError e) {
                return self.yield(e);
              }
            });
    // More than HotSpot gives to any array: the error is its own, and takes no other thread's heap.
    assertInstanceOf(OutOfMemoryError.class, survives.resume(Integer.MAX_VALUE));
    assertEquals("goes on", survives.resume("goes on"));
    Coroutine<Integer, Object> dies = coroutine((self, first) -> new long[first]);
    assertThrows(OutOfMemoryError.class, () -> dies.resume(Integer.MAX_VALUE));
    assertEquals(State.DONE, dies.state());
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
                          assertThrows(WrongThreadException.class, () -> self.yield(""))
                              .getMessage());
              assertEquals(
                  "cannot yield from the coroutine %s in the body of the coroutine %s: only its own body can; each that may yield has a yielder or a scope of its own"
                      .formatted(Coroutine.current().orElseThrow().name(), inner.name()),
                  inner.resume(""));
              return self.yield("unharmed");
            });
    assertEquals("unharmed", c.resume(""));
    WrongThreadException refusal =
        assertThrows(WrongThreadException.class, () -> leaked.get().yield(""));
    assertTrue(
        refusal.getMessage().contains("on the thread " + Thread.currentThread().getName() + ": "),
        refusal.getMessage());
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
  void nullArgumentsAreRefused() {
    assertThrows(NullPointerException.class, () -> Coroutine.of(null));
    assertThrows(NullPointerException.class, () -> Coroutine.builder().build(null));
    assertThrows(NullPointerException.class, () -> Coroutine.builder().engine(null));
    assertThrows(NullPointerException.class, () -> Coroutine.builder().name(null));
  }
}
