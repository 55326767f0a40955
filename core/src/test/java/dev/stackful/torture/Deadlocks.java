package dev.stackful.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Yielder;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Has a coroutine wait for who resumed it, in the way that the first argument names. What the
 * watchdog says of it goes to the standard error.
 *
 * <p>The second argument says how many reports must come. It ends some looks of the watchdog after
 * the last of them, when a further one would have come too; or, with none to come, when the
 * coroutine waits; or when the scenario ends, as a healthy one does.
 */
public final class Deadlocks {
  private static final Object MONITOR = new Object();
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Engine ENGINE = Engine.valueOf(System.getProperty("engine"));

  /** A find is reported by the second look that makes it, or the fourth; so again by then. */
  private static final int MORE_LOOKS = 6;

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
          case "entangled" -> Deadlocks::entangled;
          case "initializer" -> () -> Check.that(InitializesTwice.VALUE != null, "never");
          case "contention" -> Deadlocks::contention;
          case "standing" -> Deadlocks::standing;
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    int expected = Integer.parseInt(arguments[1]);
    CountedReports reports = new CountedReports(System.err);
    System.setErr(new PrintStream(reports, true, UTF_8)); // before anything is logged
    Thread thread = new Thread(scenario, "the-resumer");
    thread.setDaemon(true);
    thread.start();
    if (expected > 0) {
      Check.await("all reports", () -> reports.count() >= expected || !thread.isAlive());
      long looks = looks();
      Check.await("more looks", () -> looks() >= looks + MORE_LOOKS || !thread.isAlive());
    } else {
      Check.await("it waits", () -> isBlocked("inner") || !thread.isAlive());
      System.out.println(watchdog() == null ? "no watchdog" : "a watchdog");
    }
    System.out.println(thread.isAlive() ? "stuck" : "ended");
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /** Hands on what is printed, and counts the reports in it. */
  private static final class CountedReports extends FilterOutputStream {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    CountedReports(OutputStream out) {
      super(out);
    }

    @Override
    public synchronized void write(int b) throws IOException {
      printed.write(b);
      out.write(b);
    }

    synchronized int count() {
      return printed.toString(UTF_8).split("can never go on", -1).length - 1;
    }
  }

  private static @Nullable Thread watchdog() {
    return thread("stackful-watchdog");
  }

  private static boolean isBlocked(String name) {
    Thread thread = thread(name);
    return thread != null && thread.getState() == Thread.State.BLOCKED;
  }

  private static @Nullable Thread thread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findAny()
        .orElse(null);
  }

  /** The watchdog parks once before each look. */
  private static long looks() {
    Thread watchdog = watchdog();
    Check.that(watchdog != null, "there is a watchdog");
    return ManagementFactory.getThreadMXBean().getThreadInfo(watchdog.threadId()).getWaitedCount();
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
    LOCK.lock();
    try {
      startDaemon(
          "second-resumer",
          () -> {
            synchronized (MONITOR) {
              secondHolds.countDown();
              other.resume();
            }
          });
      await(secondHolds);
      inner.resume();
    } finally {
      LOCK.unlock();
    }
  }

  /**
   * The coroutine of another resumer waits for what our resumer holds, our coroutine for what a
   * third thread holds, and that one for what the other coroutine holds. So the way round from the
   * other coroutine begins with a lock and ends with two, and a resume is in the middle.
   */
  private static void entangled() {
    Object third = new Object();
    CountDownLatch held = new CountDownLatch(2);
    Coroutine<Object, Object> inner =
        coroutine(
            "inner",
            (self, first) -> {
              synchronized (third) {
                return "";
              }
            });
    Coroutine<Object, Object> other =
        coroutine(
            "other",
            (self, first) -> {
              LOCK.lock();
              try {
                held.countDown();
                return needsMonitor();
              } finally {
                LOCK.unlock();
              }
            });
    synchronized (MONITOR) {
      startDaemon("second-resumer", other::resume);
      startDaemon(
          "third",
          () -> {
            synchronized (third) {
              held.countDown();
              await(held);
              needsLock();
            }
          });
      await(held);
      inner.resume();
    }
  }

  private static void startDaemon(String name, Runnable action) {
    Thread thread = new Thread(action, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
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
    for (int i = 0; i < 5; i++) {
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
