package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Yielder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has a coroutine wait for who resumed it, in the way that the first argument names, for as long as
 * the second says in milliseconds. What the watchdog says of it goes to the standard error.
 */
public final class Deadlocks {
  private static final Object MONITOR = new Object();
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Engine ENGINE = Engine.valueOf(System.getProperty("engine"));

  private Deadlocks() {}

  /** Runs one of them. */
  public static void main(String[] arguments) throws Exception {
    Runnable scenario =
        switch (arguments[0]) {
          case "monitor" -> Deadlocks::monitor;
          case "lock" -> Deadlocks::lock;
          case "nested" -> Deadlocks::nested;
          case "transferred" -> Deadlocks::transferred;
          case "crossed" -> Deadlocks::crossed;
          case "initializer" -> () -> Check.that(InitializesTwice.VALUE != null, "never");
          case "contention" -> Deadlocks::contention;
          case "standing" -> Deadlocks::standing;
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    Thread thread = new Thread(scenario, "the-resumer");
    thread.setDaemon(true);
    thread.start();
    thread.join(Duration.ofMillis(Long.parseLong(arguments[1]) * Check.SLOWNESS));
    System.out.println(thread.isAlive() ? "stuck" : "ended");
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static Coroutine<Object, Object> coroutine(
      String name, Coroutine.Body<Object, Object> body) {
    return Coroutine.builder().engine(ENGINE).name(name).build(body);
  }

  private static Object needsMonitor() {
    synchronized (MONITOR) {
      return "";
    }
  }

  private static Object needsLock() {
    LOCK.lock();
    try {
      return "";
    } finally {
      LOCK.unlock();
    }
  }

  private static void monitor() {
    Coroutine<Object, Object> c = coroutine("inner", (self, first) -> needsMonitor());
    synchronized (MONITOR) {
      c.resume();
    }
  }

  private static void lock() {
    Coroutine<Object, Object> c =
        coroutine(
            "inner",
            (self, first) -> {
              return needsLock();
            });
    LOCK.lock();
    try {
      c.resume();
    } finally {
      LOCK.unlock();
    }
  }

  private static void nested() {
    Coroutine<Object, Object> inner = coroutine("inner", (self, first) -> needsMonitor());
    Coroutine<Object, Object> outer = coroutine("outer", (self, first) -> inner.resume());
    synchronized (MONITOR) {
      outer.resume();
    }
  }

  private static void transferred() {
    Coroutine<Object, Object> inner = coroutine("inner", (self, first) -> needsMonitor());
    Coroutine<Object, Object> outer =
        coroutine("outer", (self, first) -> self.transferTo(inner, ""));
    synchronized (MONITOR) {
      outer.resume();
    }
  }

  /** Two resumers, each holding what the other's coroutine needs. */
  private static void crossed() {
    Coroutine<Object, Object> inner = coroutine("inner", (self, first) -> needsMonitor());
    Coroutine<Object, Object> other = coroutine("other", (self, first) -> needsLock());
    CountDownLatch secondHolds = new CountDownLatch(1);
    Thread second =
        new Thread(
            () -> {
              synchronized (MONITOR) {
                secondHolds.countDown();
                other.resume();
              }
            },
            "second-resumer");
    second.setDaemon(true);
    LOCK.lock();
    try {
      second.start();
      secondHolds.await();
      inner.resume();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      LOCK.unlock();
    }
  }

  /** Four threads and their coroutines want the same locks, hold them long, and yield with them. */
  private static void contention() {
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      String name = "contender-" + i;
      threads[i] = new Thread(() -> contend(name), name);
      threads[i].start();
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void contend(String name) {
    for (int i = 0; i < 10; i++) {
      Coroutine<Object, Object> c = coroutine(name, Deadlocks::yieldsWithLocks);
      c.resume();
      c.resume();
      Check.that(c.isDone(), name);
    }
  }

  private static Object yieldsWithLocks(Yielder<Object, Object> self, Object first) {
    LOCK.lock();
    try {
      synchronized (MONITOR) {
        pause(20);
        self.yield("");
        pause(20);
      }
    } finally {
      LOCK.unlock();
    }
    return "";
  }

  /**
   * A coroutine sleeps and another computes, each with its resumer in a lock and an initializer.
   */
  private static void standing() {
    Coroutine<Object, Object> sleeps =
        coroutine(
            "sleeps",
            (self, first) -> {
              pause(700);
              return "";
            });
    synchronized (MONITOR) {
      sleeps.resume();
    }
    Check.that(Standing.COUNT != 0, "it ran");
  }

  private static final class Standing {
    static final long COUNT = (Long) coroutine("computes", Spins::spin).resume();
  }

  /** Another class, or the coroutine would need the one that is being initialized. */
  private static final class Spins {
    static Object spin(Yielder<Object, Object> self, Object first) {
      long count = 0;
      long end = System.nanoTime() + 700_000_000L;
      while (System.nanoTime() < end) {
        count++;
      }
      return count;
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
