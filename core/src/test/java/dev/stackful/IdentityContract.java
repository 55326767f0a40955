package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
}
