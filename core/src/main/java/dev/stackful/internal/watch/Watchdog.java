package dev.stackful.internal.watch;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import dev.stackful.internal.engine.LibraryThreads;
import dev.stackful.internal.engine.Settings;
import dev.stackful.internal.os.Lazy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks, every so often, for coroutines that can never go on because they wait for their resumers,
 * and logs each once.
 *
 * <p>The JVM's own search for deadlocks doesn't see these: a thread that has resumed a coroutine
 * waits for it, but not for a lock. To the JVM it is running machine code, or is parked.
 *
 * <p>Off by default: then {@link #ON} is a constant false, and the compiler drops what depends on
 * it. While it is on, every turn is in a set, from before its claim until after it; nothing else is
 * kept about coroutines.
 */
public final class Watchdog {
  private static final long PERIOD_NANOS;

  /** Whether it looks; a constant. */
  public static final boolean ON;

  static {
    long nanos = 0;
    try {
      nanos = Settings.watchdogNanos();
    } catch (IllegalArgumentException e) {
      log(WARNING, e.getMessage() + "; the watchdog is off");
    }
    if (nanos > 0 && !hasThreadManagement()) {
      log(
          WARNING,
          "the watchdog needs the module java.management, and is off:"
              + " give the flag --add-modules=java.management");
      nanos = 0;
    }
    PERIOD_NANOS = nanos;
    ON = nanos > 0;
  }

  private static final Set<ObservedTurn> TURNS = ConcurrentHashMap.newKeySet();

  private static final Lazy<Thread> LOOKER =
      new Lazy<>() {
        @Override
        protected Thread make() {
          Thread looker = LibraryThreads.daemon("stackful-watchdog", Watchdog::lookForEver);
          looker.start();
          return looker;
        }
      };

  private Watchdog() {}

  /** Initializes this class, at a moment of the caller's choice. */
  public static void initialize() {}

  private static boolean hasThreadManagement() {
    try {
      // By name and from here: on the module path it may be there without our reading it.
      Class.forName("java.lang.management.ThreadMXBean");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  static void watch(ObservedTurn turn) {
    look();
    TURNS.add(turn);
  }

  static void forget(ObservedTurn turn) {
    TURNS.remove(turn);
  }

  /** In the turn in which {@code from} has run, {@code to} runs now. */
  public static void transferred(ObservedCoroutine from, ObservedCoroutine to) {
    for (ObservedTurn turn : TURNS) {
      turn.transferred(from, to);
    }
  }

  private static void look() {
    try {
      LOOKER.get();
    } catch (OutOfMemoryError e) {
      // no thread for it now: the next resume tries again
    }
  }

  private static void lookForEver() {
    while (true) {
      LockSupport.parkNanos(PERIOD_NANOS);
      Thread.interrupted(); // whoever sent that: it would never park again
      try {
        TURNS.removeIf(ObservedTurn::isOver);
        new DeadlockSearch(TURNS).run(report -> log(ERROR, report));
      } catch (Throwable t) {
        // no memory, say: the next look may have some
      }
    }
  }

  private static void log(System.Logger.Level level, String message) {
    System.getLogger("dev.stackful").log(level, message);
  }
}
