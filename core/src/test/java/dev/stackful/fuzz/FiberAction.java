package dev.stackful.fuzz;

import java.util.List;
import java.util.Locale;

/**
 * What programs of fibers do. A slot holds a fiber, and may be given another; fibers are called f1,
 * f2 and so on, in the order in which they are spawned. Channels, locks and the like are made where
 * they are first used.
 */
sealed interface FiberAction extends Action {
  /** What is shared by fibers, by its number among its kind. Times are in milliseconds. */
  record Shared(Kind kind, int number, int size) {
    /** What it is. */
    enum Kind {
      CHANNEL,
      MUTEX,
      SEMAPHORE,
      DEFERRED,
      BARRIER,
      FUTURE
    }

    @Override
    public String toString() {
      String name = kind.name().toLowerCase(Locale.ROOT) + " " + number;
      return switch (kind) {
        case CHANNEL, SEMAPHORE, BARRIER -> name + " (of " + size + ")";
        default -> name;
      };
    }
  }

  // ---- for the thread that runs the runtime ---------------------------------------------------

  /** How the runtime is made: has an effect only before anything else. */
  record Settings(Order order, boolean cancelOnFailure) implements FiberAction {
    /** Who goes on. */
    enum Order {
      IN_ORDER,
      DEPTH_FIRST,
      IN_RANDOM_ORDER
    }

    @Override
    public String toString() {
      return "runtime %s%s"
          .formatted(
              order.name().toLowerCase(Locale.ROOT).replace('_', ' '),
              cancelOnFailure ? ", cancelled by a failure" : "");
    }
  }

  /** Runs the runtime, in some way. */
  record Run(Way way, int millis) implements FiberAction {
    /** Which method. */
    enum Way {
      RUN,
      RUN_ROUND,
      RUN_READY,
      RUN_FOR
    }

    @Override
    public String toString() {
      String call = way.name().toLowerCase(Locale.ROOT);
      return switch (way) {
        case RUN, RUN_ROUND -> call;
        default -> call + " " + millis + " ms";
      };
    }
  }

  /** Closes the runtime. */
  record CloseRuntime() implements FiberAction {
    @Override
    public String toString() {
      return "close the runtime";
    }
  }

  // ---- for anybody ----------------------------------------------------------------------------

  /** A new fiber for a slot. */
  record Spawn(Slot slot, int routine) implements FiberAction {
    @Override
    public String toString() {
      return slot + " = spawn routine " + routine;
    }
  }

  /** Cancels. */
  record Cancel(Slot slot) implements FiberAction {
    @Override
    public String toString() {
      return "cancel " + slot;
    }
  }

  /** Joins; within a time, unless that is 0. */
  record Join(Slot slot, int millis) implements FiberAction {
    @Override
    public String toString() {
      return "join " + slot + within(millis);
    }
  }

  /** Sends or receives by an endpoint, which is closed at once, and doesn't wait. */
  record UseEndpoint(Shared channel, boolean sends) implements FiberAction {
    @Override
    public String toString() {
      return (sends ? "send to " : "receive from ") + channel + " by an endpoint";
    }
  }

  /** Looks at the time and at all slots. */
  record Look() implements FiberAction {
    @Override
    public String toString() {
      return "look";
    }
  }

  // ---- for fibers -----------------------------------------------------------------------------

  /** Yields or sleeps. */
  record Sleep(int millis) implements FiberAction {
    @Override
    public String toString() {
      return millis == 0 ? "yield" : "sleep " + millis + " ms";
    }
  }

  /** Sleeps again and again, whatever cancellation comes of it. */
  record SleepStubbornly(int times) implements FiberAction {
    @Override
    public String toString() {
      return "sleep " + times + " times, and catch each cancellation";
    }
  }

  /** Does something with what is shared. */
  record Use(Verb verb, Shared shared, int number) implements FiberAction {
    /** What it does. */
    enum Verb {
      SEND,
      SEND_NULL,
      RECEIVE,
      TRY_SEND,
      TRY_RECEIVE,
      CLOSE,
      /** Receives up to a number of elements, by an iterator. */
      ITERATE,
      LOCK,
      TRY_LOCK,
      UNLOCK,
      /** Waits for the mutex's condition. */
      AWAIT_CONDITION,
      SIGNAL,
      SIGNAL_ALL,
      ACQUIRE,
      TRY_ACQUIRE,
      RELEASE,
      /** Waits for a value, or at a barrier. */
      AWAIT,
      COMPLETE,
      FAIL,
      /** Looks at its state. */
      STATE,
      /** Awaits a future; within a time always, or it could be for ever. */
      AWAIT_WITHIN
    }

    @Override
    public String toString() {
      String text = verb.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + shared;
      return switch (verb) {
        case ITERATE -> text + ", up to " + number;
        case AWAIT_WITHIN -> text + within(number);
        default -> text;
      };
    }
  }

  /**
   * Has another thread run something; for a time, unless that is 0. A fiber of its own sleeps for
   * the time and ends the call then, so that it ends in any case.
   */
  record Block(int millis) implements FiberAction {
    @Override
    public String toString() {
      return "blocking call" + (millis == 0 ? "" : " of " + millis + " ms");
    }
  }

  /** Sets or gets one of its variables. */
  record UseLocal(int number, boolean sets) implements FiberAction {
    @Override
    public String toString() {
      return (sets ? "set" : "get") + " local " + number;
    }
  }

  /** A select; without a time-out if that is 0. */
  record Select(List<Case> cases, int millis, boolean otherwise) implements FiberAction {
    @Override
    public String toString() {
      return "select " + cases + within(millis) + (otherwise ? " or otherwise" : "");
    }
  }

  /** A case of a select. */
  sealed interface Case {}

  /** To send, receive, lock, acquire or get a value. */
  record OnShared(boolean sends, Shared shared) implements Case {
    @Override
    public String toString() {
      return (sends ? "send " : "") + shared;
    }
  }

  /** That a fiber ends. */
  record OnJoin(Slot slot) implements Case {
    @Override
    public String toString() {
      return "join " + slot;
    }
  }

  /** Runs the runtime inside itself. */
  record RunInside() implements FiberAction {
    @Override
    public String toString() {
      return "run the runtime inside";
    }
  }

  /** A scope around a block; with a time-out, unless that is 0. */
  record InScope(Joiner joiner, int millis) implements FiberAction {
    /** Which joiner. */
    enum Joiner {
      AWAIT_ALL,
      ALL_SUCCESSFUL,
      ALL_RESULTS,
      ANY_SUCCESSFUL
    }

    @Override
    public String toString() {
      return "scope " + joiner.name().toLowerCase(Locale.ROOT) + within(millis);
    }
  }

  /** Forks in the innermost scope of the text, or in one around it. */
  record Fork(Slot slot, int routine, int outwards) implements FiberAction {
    @Override
    public String toString() {
      return slot + " = fork routine " + routine + inScope(outwards);
    }
  }

  /** Joins a scope. */
  record JoinScope(int outwards) implements FiberAction {
    @Override
    public String toString() {
      return "join" + inScope(outwards);
    }
  }

  /** Closes a scope before its end. */
  record CloseScope(int outwards) implements FiberAction {
    @Override
    public String toString() {
      return "close" + inScope(outwards);
    }
  }

  /** A time-out around a block. */
  record InTime(int millis) implements FiberAction {
    @Override
    public String toString() {
      return "timeout " + millis + " ms";
    }
  }

  /** A block with a mutex locked. */
  record WithLock(Shared shared) implements FiberAction {
    @Override
    public String toString() {
      return "with " + shared;
    }
  }

  /** A block with another value of a variable. */
  record WithLocal(int number) implements FiberAction {
    @Override
    public String toString() {
      return "with local " + number;
    }
  }

  /** A block in a coroutine that the fiber resumes: it isn't on the fiber's stack. */
  record InCoroutine() implements FiberAction {
    @Override
    public String toString() {
      return "in a coroutine";
    }
  }

  private static String within(int millis) {
    return millis == 0 ? "" : " within " + millis + " ms";
  }

  private static String inScope(int outwards) {
    return outwards == 0 ? " in the scope" : " in the scope " + outwards + " outwards";
  }
}
