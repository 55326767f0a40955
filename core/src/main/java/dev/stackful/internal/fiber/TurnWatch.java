package dev.stackful.internal.fiber;

import dev.stackful.internal.engine.LibraryThreads;
import dev.stackful.internal.os.Lazy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one runtime for turns that last too long, and reports each once: with the fiber's stack,
 * and with the lock that it waits for, if it does. A lock that another fiber of the runtime holds
 * is never unlocked, as that one is suspended until this turn ends.
 *
 * <p>One thread of the library looks at all runtimes that run. What a runtime writes for it is a
 * reference and a number for each turn, in an order such that a turn is never taken for another's:
 * the number changes with every turn.
 */
public final class TurnWatch {
  private static final Set<TurnWatch> RUNNING = ConcurrentHashMap.newKeySet();

  private static final Lazy<Thread> LOOKER =
      new Lazy<>() {
        @Override
        protected Thread make() {
          Thread looker = LibraryThreads.daemon("stackful-turn-watch", TurnWatch::lookForEver);
          looker.start();
          return looker;
        }
      };

  private final String runtime;
  private final Duration longest;
  private final long longestNanos;
  private final Consumer<String> reports;

  /** The threads of the fibers that have begun and haven't ended. */
  private final Map<Long, FiberCore> fibers = new ConcurrentHashMap<>();

  private final Map<FiberCore, Thread> threads = new ConcurrentHashMap<>();

  /** Who runs; null if nobody does. */
  private volatile @Nullable FiberCore running;

  private volatile long turn;

  /** For the thread that looks: the turn that it saw last, since when, and whether it told. */
  private long seenTurn;

  private long seenNanos;
  private boolean told;

  /**
   * Makes one.
   *
   * @param runtime what it is called
   * @param longest how long a turn may last
   * @param reports gets a text about each that lasts longer
   */
  public TurnWatch(String runtime, Duration longest, Consumer<String> reports) {
    this.runtime = runtime;
    this.longest = longest;
    this.longestNanos = TimeUnit.NANOSECONDS.convert(longest);
    this.reports = reports;
  }

  void begin() {
    RUNNING.add(this);
    try {
      LockSupport.unpark(LOOKER.get());
    } catch (OutOfMemoryError e) {
      // no thread for it now: the next run tries again
    }
  }

  void end() {
    running = null;
    RUNNING.remove(this);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only who has control writes
  void turnBegins(FiberCore fiber) {
    turn++;
    running = fiber;
  }

  void turnEnds() {
    running = null;
  }

  void fiberBegins(FiberCore fiber) {
    Thread thread = Thread.currentThread();
    fibers.put(thread.threadId(), fiber);
    threads.put(fiber, thread);
  }

  void fiberEnds(FiberCore fiber) {
    fibers.remove(Thread.currentThread().threadId());
    threads.remove(fiber);
  }

  private static void lookForEver() {
    while (true) {
      long shortest = Long.MAX_VALUE;
      for (TurnWatch watch : RUNNING) {
        shortest = Math.min(shortest, watch.longestNanos);
      }
      if (shortest == Long.MAX_VALUE) {
        LockSupport.park(RUNNING);
      } else {
        LockSupport.parkNanos(RUNNING, Math.max(1_000_000, shortest / 4));
      }
      Thread.interrupted(); // whoever sent that: it would never park again
      for (TurnWatch watch : RUNNING) {
        try {
          watch.look();
        } catch (Throwable t) {
          // no memory, say: the next look may have some
        }
      }
    }
  }

  private void look() {
    long now = System.nanoTime();
    FiberCore fiber = running;
    long number = turn;
    if (fiber == null || number != seenTurn) {
      seenTurn = number;
      seenNanos = now;
      told = false;
    } else if (!told && now - seenNanos >= longestNanos) {
      told = true;
      Thread thread = threads.get(fiber);
      StackTraceElement[] trace = thread == null ? null : thread.getStackTrace();
      String lock = thread == null ? "" : lockOf(thread);
      if (trace != null && turn == number && running == fiber) {
        reports.accept(describe(fiber, trace, lock));
      }
    }
  }

  private String describe(FiberCore fiber, StackTraceElement[] trace, String lock) {
    StringBuilder text = new StringBuilder();
    text.append("the fiber ").append(fiber.name()).append(" of ").append(runtime);
    text.append(" has had its turn for more than ").append(longest);
    text.append(", and no other can run").append(lock);
    for (StackTraceElement frame : FiberFrames.of(trace)) {
      text.append("\n\tat ").append(frame);
    }
    return text.toString();
  }

  private String lockOf(Thread thread) {
    ThreadInfo info;
    try {
      info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.threadId());
    } catch (NoClassDefFoundError e) {
      return ""; // the module java.management isn't there
    }
    if (info == null || info.getLockInfo() == null || info.getLockOwnerId() <= 0) {
      return ""; // it waits for no lock, or is a virtual thread
    }
    FiberCore owner = fibers.get(info.getLockOwnerId());
    return ": it waits for "
        + info.getLockInfo()
        + (owner == null
            ? ", which the thread " + info.getLockOwnerName() + " holds"
            : ", which the fiber "
                + owner.name()
                + " holds, and that one waits for its turn: neither can ever go on");
  }
}
