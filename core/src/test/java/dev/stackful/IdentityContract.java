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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** That a coroutine is a thread of its own, the same whoever resumes it, whatever the engine. */
abstract class IdentityContract extends EngineContract {
  IdentityContract(Engine engine) {
    super(engine);
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
  void twoThreadsThatAskForANameAtOnceAreToldTheSame() throws Exception {
    for (int round = 0; round < 300; round++) {
      Coroutine<Object, Object> c = echo();
      CyclicBarrier together = new CyclicBarrier(2);
      FutureTask<String> other =
          new FutureTask<>(
              () -> {
                together.await();
                return c.name();
              });
      Thread.ofPlatform().start(other);
      together.await();
      String mine = c.name();
      assertEquals(mine, other.get());
      assertEquals(mine, c.name());
    }
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

  @Test
  void stackTraceOfARunningOrWaitingBodyShowsItsOwnFramesOnly() {
    AtomicReference<Coroutine<Object, Object>> outer = new AtomicReference<>();
    List<List<String>> traces = new ArrayList<>();
    Coroutine<Object, Object> inner =
        coroutine(
            (self, first) -> {
              traces.add(classes(outer.get()));
              return "";
            });
    Iterable<Object> numbers = Generator.of(scope -> traces.add(classes(outer.get())));
    outer.set(
        coroutine(
            (self, first) -> {
              inner.resume("");
              assertFalse(numbers.iterator().hasNext());
              traces.add(classes(outer.get()));
              return "";
            }));
    outer.get().resume("");
    assertEquals(3, traces.size());
    for (List<String> trace : traces.subList(0, 2)) {
      assertEquals(List.of(IdentityContract.class.getName()), trace);
    }
    // Of itself it sees what it has called to look.
    assertEquals(IdentityContract.class.getName(), traces.get(2).getLast());
  }

  private static List<String> classes(Coroutine<?, ?> c) {
    return Arrays.stream(c.stackTrace()).map(StackTraceElement::getClassName).toList();
  }

  @Test
  void theRunningBodysWayBackIsFoundFromWhereItWasNotHandedTo() {
    Coroutine<Integer, Integer> c =
        coroutine(
            (self, first) -> {
              assertSame(self, Yielder.current());
              return callback(first);
            });
    assertEquals(10, c.resume(1));
    assertEquals(7, c.resume(7));
    IllegalStateException e = assertThrows(IllegalStateException.class, Yielder::current);
    assertTrue(e.getMessage().contains(Thread.currentThread().getName()), e.getMessage());
  }

  private static Integer callback(int value) {
    return Yielder.<Integer, Integer>current().yield(10 * value);
  }

  // ---- migration, interrupts ----------------------------------------------------------------

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

  @Test
  void monitorsAndReentrantLocksStayTheCoroutinesWhoeverResumes() throws Exception {
    Object monitor = new Object();
    ReentrantLock lock = new ReentrantLock();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              synchronized (monitor) {
                synchronized (monitor) { // twice, so that the count must survive too
                  lock.lock();
                  try {
                    while (self.yield(Thread.holdsLock(monitor)).equals("again")) {
                      assertEquals(1, lock.getHoldCount());
                    }
                  } finally {
                    lock.unlock();
                  }
                }
                assertTrue(Thread.holdsLock(monitor));
                monitor.notifyAll();
              }
              return Thread.holdsLock(monitor);
            });
    assertEquals(true, c.resume(""));
    for (int i = 0; i < 10; i++) {
      assertEquals(true, inAnotherThread(() -> c.resume("again")));
      assertEquals(true, inAVirtualThread(() -> c.resume("again")));
      assertFalse(Thread.holdsLock(monitor));
      assertFalse(lock.tryLock(), "held by the coroutine");
    }
    assertEquals(false, inAVirtualThread(() -> c.resume("enough")));
    assertFalse(lock.isLocked());
  }

  @Test
  void whoWantsALockThatASuspendedCoroutineHoldsGetsItAfterTheUnlock() throws Exception {
    Object monitor = new Object();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              synchronized (monitor) {
                self.yield("");
              }
              return "released";
            });
    c.resume("");
    AtomicReference<State> seen = new AtomicReference<>();
    Thread contender =
        Thread.ofPlatform()
            .start(
                () -> {
                  synchronized (monitor) {
                    seen.set(c.state());
                  }
                });
    while (contender.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    assertNull(seen.get());
    assertEquals("released", inAnotherThread(() -> c.resume("")));
    contender.join();
    assertTrue(seen.get() != null);
  }

  @Test
  void anInterruptOfASuspendedCoroutinesThreadIsFoundWhenItGoesOn() throws Exception {
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              self.yield(Thread.currentThread());
              assertTrue(Thread.currentThread().isInterrupted());
              Thread.sleep(Long.MAX_VALUE);
              return "not reached";
            });
    Thread thread = (Thread) c.resume("");
    thread.interrupt();
    assertInstanceOf(
        InterruptedException.class,
        assertThrows(CoroutineException.class, () -> c.resume("")).getCause());
    assertFalse(Thread.currentThread().isInterrupted(), "the resumer's is its own");
    assertEquals(false, coroutine((self, first) -> Thread.interrupted()).resume(""));
  }

  @Test
  void anInterruptOfTheCoroutinesThreadWakesABodyThatWaits() throws Exception {
    AtomicReference<Thread> body = new AtomicReference<>();
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              body.set(Thread.currentThread());
              try {
                new CountDownLatch(1).await();
                return "not reached";
              } catch (InterruptedException e) {
                return self.yield("interrupted");
              }
            });
    FutureTask<Object> resume = new FutureTask<>(() -> c.resume(""));
    Thread.ofPlatform().start(resume);
    awaitThatItWaits(body);
    body.get().interrupt();
    assertEquals("interrupted", resume.get());
    c.close();
  }

  @Test
  void anInterruptOfTheResumerDoesNotReachABodyThatWaits() throws Exception {
    AtomicReference<Thread> body = new AtomicReference<>();
    CountDownLatch goOn = new CountDownLatch(1);
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              body.set(Thread.currentThread());
              goOn.await();
              return self.yield(Thread.currentThread().isInterrupted());
            });
    FutureTask<List<Object>> resume =
        new FutureTask<>(() -> List.of(c.resume(""), Thread.currentThread().isInterrupted()));
    Thread resumer = Thread.ofPlatform().start(resume);
    awaitThatItWaits(body);
    resumer.interrupt();
    goOn.countDown();
    assertEquals(List.of(false, true), resume.get(), "of the body, of the resumer");
    c.close();
  }

  private static void awaitThatItWaits(AtomicReference<Thread> body) {
    while (body.get() == null || body.get().getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}
