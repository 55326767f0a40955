package dev.stackful.internal.watch;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One look of the {@link Watchdog}: which thread waits for which, and whether that forms a circle.
 *
 * <p>A thread waits for one other at most: for the owner of the lock that it is blocked on; or, if
 * it has resumed a coroutine, for the coroutine's thread; or for the thread that initializes the
 * class that it needs. So from each coroutine one path leads on, and a coroutine whose path comes
 * back to it can't ever go on. That finds its own resumer, the resumer's resumer, and any thread in
 * between that waits for one of these.
 *
 * <p>The threads are seen one after the other while they run. So a find counts only if the next
 * look makes the same one, in the same turn.
 */
final class DeadlockSearch {
  /** Why a thread waits for another. */
  private enum Reason {
    RESUME,
    LOCK,
    INITIALIZATION
  }

  /**
   * A thread's wait for another.
   *
   * @param waiter the id of the thread that waits
   * @param other the id of the thread that it waits for
   * @param text what the waiter does, for a report
   */
  private record Wait(Reason reason, long waiter, long other, String text) {}

  /** What two looks must agree on. */
  private record Suspicion(List<Wait> circle) {}

  /** A coroutine that stands still, where a class is being initialized further up. */
  private record StandsStill(List<StackTraceElement> trace) {}

  private final List<ObservedTurn> turns = new ArrayList<>();
  private final Map<Long, ObservedTurn> turnByResumer = new HashMap<>();
  private final Map<Long, ObservedTurn> turnByCoroutine = new HashMap<>();
  private final Map<Long, ThreadInfo> threads = new HashMap<>();
  private @Nullable ThreadPrint print;

  DeadlockSearch(Collection<ObservedTurn> watched) {
    for (ObservedTurn turn : watched) {
      Thread thread = turn.isGoingOn() ? turn.running().thread() : null;
      if (thread != null) {
        turns.add(turn);
        turnByResumer.put(turn.resumer().threadId(), turn);
        turnByCoroutine.put(thread.threadId(), turn);
      }
    }
  }

  /** Hands a text about each new find to {@code reports}. */
  void run(Consumer<String> reports) {
    for (Map.Entry<Long, ObservedTurn> entry : turnByCoroutine.entrySet()) {
      ObservedTurn turn = entry.getValue();
      if (turn.reported) {
        continue;
      }
      Wait first = blockedOn(entry.getKey(), turn);
      List<Wait> circle = first == null ? null : circleFrom(first);
      if (circle == null) {
        if (!(turn.suspicion instanceof StandsStill)) {
          turn.suspicion = null;
        }
        continue;
      }
      Suspicion now = new Suspicion(circle);
      if (now.equals(turn.suspicion) && turn.isGoingOn()) {
        turn.reported = true;
        reports.accept(describe(turn, circle));
      }
      turn.suspicion = now;
    }
  }

  private @Nullable List<Wait> circleFrom(Wait first) {
    LinkedHashMap<Long, Wait> path = new LinkedHashMap<>();
    Wait wait = first;
    boolean throughResume = false;
    while (wait != null && path.putIfAbsent(wait.waiter, wait) == null) {
      if (wait.other == first.waiter) {
        // A circle of locks alone is an ordinary deadlock, which the JVM reports.
        return throughResume || wait.reason == Reason.RESUME ? List.copyOf(path.values()) : null;
      }
      throughResume |= wait.reason == Reason.RESUME;
      wait = next(wait.other);
    }
    return null;
  }

  private @Nullable Wait next(long id) {
    ObservedTurn resumed = turnByResumer.get(id);
    if (resumed != null) {
      ObservedCoroutine running = resumed.running();
      Thread thread = running.thread();
      return thread == null
          ? null
          : new Wait(
              Reason.RESUME,
              id,
              thread.threadId(),
              "waits for the coroutine " + running.name() + ", which it has resumed");
    }
    return lockWait(id);
  }

  private @Nullable Wait blockedOn(long id, ObservedTurn turn) {
    if (turnByResumer.containsKey(id)) {
      return null; // it waits for another, which is looked at by itself
    }
    Wait wait = lockWait(id);
    return wait != null ? wait : initializationWait(id, turn);
  }

  private @Nullable Wait lockWait(long id) {
    ThreadInfo thread = info(id);
    if (thread == null) {
      return null;
    }
    Thread.State state = thread.getThreadState();
    LockInfo lock = thread.getLockInfo();
    if (lock == null
        || thread.getLockOwnerId() <= 0
        || (state != Thread.State.BLOCKED && state != Thread.State.WAITING)) {
      return null; // a wait with a time limit ends by itself
    }
    return new Wait(
        Reason.LOCK,
        id,
        thread.getLockOwnerId(),
        "is "
            + state
            + " on "
            + lock
            + ", which is held by \""
            + thread.getLockOwnerName()
            + "\" #"
            + thread.getLockOwnerId());
  }

  /**
   * A thread that waits for a class to be initialized is RUNNABLE to Java, and only the JVM's
   * thread dump names the class. A dump stops all threads, so it is taken only where a coroutine
   * has stood still since the last look, below a resumer that is in a static initializer.
   */
  private @Nullable Wait initializationWait(long id, ObservedTurn turn) {
    ThreadInfo thread = info(id);
    if (thread == null || thread.getThreadState() != Thread.State.RUNNABLE) {
      turn.suspicion = turn.suspicion instanceof StandsStill ? null : turn.suspicion;
      return null;
    }
    Map<String, Long> initializers = initializersAbove(turn);
    if (initializers.isEmpty()) {
      turn.suspicion = null;
      return null;
    }
    StandsStill still = new StandsStill(List.of(thread.getStackTrace()));
    if (!(turn.suspicion instanceof Suspicion) && !still.equals(turn.suspicion)) {
      turn.suspicion = still;
      return null;
    }
    if (print == null) {
      print = ThreadPrint.take();
    }
    String type = print.awaitedClass(id);
    Long initializer = type == null ? null : initializers.get(type);
    return initializer == null
        ? null
        : new Wait(
            Reason.INITIALIZATION,
            id,
            initializer,
            "waits for the class "
                + type
                + " to be initialized, which #"
                + initializer
                + " has begun");
  }

  /**
   * The classes whose static initializers the resumers of a turn are in, each with that thread's
   * id.
   */
  private Map<String, Long> initializersAbove(ObservedTurn turn) {
    Map<String, Long> found = new HashMap<>();
    ObservedTurn above = turn;
    for (int i = 0; above != null && i <= turns.size(); i++) {
      long id = above.resumer().threadId();
      ThreadInfo resumer = info(id);
      if (resumer != null) {
        for (StackTraceElement frame : resumer.getStackTrace()) {
          if (frame.getMethodName().equals("<clinit>")) {
            found.putIfAbsent(frame.getClassName(), id);
          }
        }
      }
      above = turnByCoroutine.get(id);
    }
    return found;
  }

  /** Null for a thread that has ended, and for a virtual one. */
  private @Nullable ThreadInfo info(long id) {
    if (!threads.containsKey(id)) {
      threads.put(id, ManagementFactory.getThreadMXBean().getThreadInfo(id, Integer.MAX_VALUE));
    }
    return threads.get(id);
  }

  private String describe(ObservedTurn turn, List<Wait> circle) {
    StringBuilder text = new StringBuilder();
    text.append("the coroutine ")
        .append(turn.running().name())
        .append(" can never go on: it waits for a thread that waits for it");
    for (Wait wait : circle) {
      ThreadInfo thread = info(wait.waiter);
      text.append("\n\n\"")
          .append(thread == null ? "?" : thread.getThreadName())
          .append("\" #")
          .append(wait.waiter)
          .append(' ')
          .append(wait.text);
      if (thread != null) {
        for (StackTraceElement frame : thread.getStackTrace()) {
          text.append("\n    at ").append(frame);
        }
      }
    }
    return text.toString();
  }
}
