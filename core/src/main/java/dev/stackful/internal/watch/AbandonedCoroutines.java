package dev.stackful.internal.watch;

import static java.lang.System.Logger.Level.WARNING;

import dev.stackful.internal.engine.LibraryThreads;
import dev.stackful.internal.engine.Settings;
import dev.stackful.internal.engine.ThreadLocalMaps;
import dev.stackful.internal.os.Lazy;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Finds suspended coroutines that nobody can resume any more, and unwinds them.
 *
 * <p>A suspended coroutine's stack is a root of the garbage collector's, and holds the coroutine's
 * core; so the core would live for ever, and with it whatever its body's {@code finally} blocks
 * should release. The coroutine that the user holds is another object, which nothing of ours on
 * that stack refers to but weakly. When it goes, a reaper thread closes the core.
 *
 * <p>One thread waits for the collector and hands each find to a reaper; usually there is one. A
 * {@code finally} block may take for ever, so a find that no reaper takes within a second gets a
 * new one. Reapers end when they have had nothing to do for a while.
 */
public final class AbandonedCoroutines {
  private static final long PATIENCE_MILLIS = 1_000;
  private static final long RETRY_MILLIS = 50;
  private static final long IDLE_SECONDS = 10;

  private static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();
  private static final SynchronousQueue<Handle<?>> FOUND = new SynchronousQueue<>();
  private static final AtomicInteger REAPERS = new AtomicInteger();
  private static final boolean LEAKS = Settings.looksForLeaks();

  private static final Lazy<Thread> FINDER =
      new Lazy<>() {
        @Override
        protected Thread make() {
          Thread finder = LibraryThreads.daemon("stackful-finder", new Finder());
          finder.start();
          return finder;
        }
      };

  private AbandonedCoroutines() {}

  private static void search() {
    try {
      FINDER.get();
    } catch (OutOfMemoryError e) {
      // no thread for it now: the next coroutine tries again
    }
  }

  /** The core's weak hold on its coroutine. The core holds it, so it lives as long as the stack. */
  public static final class Handle<C> extends WeakReference<C> {
    private final ObservedCoroutine core;

    /** Tells where its coroutine was made, if leaks are looked for. */
    private final @Nullable Throwable made;

    /** Makes it for a coroutine that is about to be given to the user. */
    public Handle(C coroutine, ObservedCoroutine core) {
      super(coroutine, QUEUE);
      this.core = core;
      this.made = LEAKS ? new Made(core) : null;
      search();
    }
  }

  /** A class, as a lambda would take a program's first coroutine longer. */
  private static final class Finder implements Runnable {
    @Override
    public void run() {
      // Found while still running: the collector tells once, so they are kept and tried again.
      ArrayDeque<Handle<?>> running = new ArrayDeque<>();
      while (true) {
        try {
          Handle<?> handle =
              (Handle<?>) (running.isEmpty() ? QUEUE.remove() : QUEUE.remove(RETRY_MILLIS));
          if (handle == null) {
            for (int i = running.size(); i > 0; i--) {
              dispatch(running.remove(), running);
            }
          } else {
            running.add(handle);
            dispatch(running.removeLast(), running);
          }
        } catch (Throwable t) {
          // Interrupted, or no memory, or no thread for another reaper. Whoever is left running in
          // the list is tried again.
        }
      }
    }
  }

  private static void dispatch(Handle<?> handle, ArrayDeque<Handle<?>> running)
      throws InterruptedException {
    if (handle.core.isRunningNow()) {
      running.add(handle);
      return;
    }
    boolean dispatched = false;
    try {
      if (REAPERS.get() == 0 || !FOUND.offer(handle, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        startReaper(handle);
      }
      dispatched = true;
    } catch (OutOfMemoryError e) {
      if (REAPERS.get() == 0) {
        // No thread to be had, and what was abandoned may be why: then here, though it may take
        // for ever.
        dispatched = true;
        unwind(handle);
      }
    } finally {
      if (!dispatched) {
        running.add(handle); // to be tried again; the list has had room for it
      }
    }
  }

  /** Where a coroutine was made. Never thrown, but logged: it shows as a stack trace. */
  private static final class Made extends Exception {
    private static final long serialVersionUID = 1L;

    Made(ObservedCoroutine core) {
      super("the coroutine " + core.name() + " was made here");
    }
  }

  private static void log(String message, Throwable thrown) {
    try {
      System.getLogger("dev.stackful").log(WARNING, message, thrown);
    } catch (Throwable t) {
      // no memory to log with; the reaper must go on
    }
  }

  private static void startReaper(Handle<?> first) {
    REAPERS.incrementAndGet();
    boolean started = false;
    try {
      LibraryThreads.daemon("stackful-reaper", () -> reap(first)).start();
      started = true;
    } finally {
      if (!started) {
        REAPERS.decrementAndGet();
      }
    }
  }

  private static void unwind(Handle<?> handle) {
    CoroutineEvents.abandoned(handle.core);
    if (handle.made != null) {
      log(
          "the coroutine " + handle.core.name() + " was dropped while suspended: close it",
          handle.made);
    }
    try {
      handle.core.close();
    } catch (Throwable t) {
      log(
          "the coroutine " + handle.core.name() + " was abandoned, and threw when it was unwound",
          t);
    }
    forget();
  }

  /** A body that sees its resumer's thread-locals has seen, and changed, those of this thread. */
  private static void forget() {
    try {
      if (ThreadLocalMaps.areReachable()) {
        ThreadLocalMaps.erase(Thread.currentThread());
      }
    } catch (Throwable t) {
      // no memory, say: the next one erases them
    }
  }

  private static void reap(@Nullable Handle<?> first) {
    Handle<?> handle = first;
    while (handle != null) {
      unwind(handle);
      try {
        handle = FOUND.poll(IDLE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        handle = null; // what a finally block left behind: another reaper will take over
      }
    }
    REAPERS.decrementAndGet();
  }
}
