package dev.stackful;

import dev.stackful.internal.engine.CoroutineStack;
import dev.stackful.internal.engine.Headroom;
import dev.stackful.internal.engine.LibraryThreads;
import dev.stackful.internal.engine.NativeEngine;
import dev.stackful.internal.engine.StackTask;
import dev.stackful.internal.engine.ThreadLocalMaps;
import dev.stackful.internal.os.Lazy;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What goes along when a coroutine with {@link Coroutine.Context#RESUMER} is resumed: the
 * thread-locals and the interrupt status of whoever does it.
 *
 * <h2>Thread-locals</h2>
 *
 * While the body runs, its thread refers to the resumer's maps. The resumer stands still meanwhile,
 * and when it goes on the body does, so the maps need no ordering. One that the resumer didn't
 * have, and the body made, is given to the resumer. A suspended body has none: it would keep alive
 * what belongs to a thread that may have ended.
 *
 * <p>What could fail comes where that does no harm. The resumer lends before it enters; a failure
 * there is a resume that has not happened. The body gives back before it leaves, and has the maps
 * still if it can't leave. Only to take them from a suspended body comes after the switch: should
 * that fail, the next resume replaces them all the same.
 *
 * <h2>Interrupts</h2>
 *
 * The status moves to the body's thread with a resume, and comes back with what comes out of it. A
 * resumer that is interrupted meanwhile has its interrupt passed on to the body. On the engines of
 * threads it notices that itself, as it waits in Java. On {@link Engine#NATIVE} it can't, being the
 * kernel thread that runs the body; there a thread of the library looks at all bodies that run.
 */
final class ResumersContext {
  /** So that two of them are less than the 100 ms which are promised. */
  private static final long LOOK_NANOS = 40_000_000;

  private static final Lazy<Thread> WATCH =
      new Lazy<>() {
        @Override
        protected Thread make() {
          Thread watch = LibraryThreads.daemon("stackful-interrupts", new Watch());
          watch.start();
          return watch;
        }
      };

  /** Whether thread-locals go along: they can't where this JVM doesn't let us. */
  private final boolean sharesThreadLocals;

  private static final int NOTHING = 0;

  /** The watch is interrupting the body; who wants to go on waits for that. */
  private static final int PASSING = 1;

  /** It has: the interrupt isn't the resumer's any more. */
  private static final int PASSED = 2;

  /** The resumer itself, which waits in Java, has given its interrupt to the body. */
  private static final int GIVEN = 3;

  /** With one of those: the interrupt status has moved. */
  private static final int INTERRUPTED = 4;

  /**
   * Written by the watch from NOTHING on, and by who holds the claim from PASSED back. Where the
   * engine is one of threads there is no watch, but the resumer.
   */
  private volatile int passing;

  /** The body left with its interrupt status set. */
  private boolean comesOut;

  /**
   * The body had left when its resumer's interrupt came to it, or did not go on then: it is to be
   * taken back there.
   */
  private boolean late;

  /**
   * The body got an interrupt with a resume or a transfer, and has not gone on since. If it is
   * there still when the next one comes, that one has failed, and the interrupt went back.
   */
  private boolean lent;

  private ResumersContext(boolean sharesThreadLocals) {
    this.sharesThreadLocals = sharesThreadLocals;
  }

  /** For a coroutine that is being made; null if it has its own. */
  static @Nullable ResumersContext of(Coroutine.Context context) {
    return switch (context) {
      case OWN -> null;
      case RESUMER -> new ResumersContext(ThreadLocalMaps.areReachable());
    };
  }

  /** The watch waits until there is a stack again. */
  private static volatile boolean resting;

  /** To be called once the body has a stack of {@link Engine#NATIVE}. */
  static void watchInterrupts() {
    try {
      Thread watch = WATCH.get();
      if (resting) {
        LockSupport.unpark(watch);
      }
    } catch (OutOfMemoryError e) {
      // no thread for it now: the next coroutine tries again
    }
  }

  /** A class, as a lambda would take a program's first coroutine longer. */
  private static final class Watch implements Runnable {
    @Override
    public void run() {
      while (true) {
        try {
          resting = true; // before it looks: a stack that comes now finds it resting
          if (NativeEngine.instance().stackCount() == 0) {
            LockSupport.park();
          }
          resting = false;
          LockSupport.parkNanos(LOOK_NANOS);
          Thread.interrupted(); // whoever sent that: it would never park again
          NativeEngine.instance().forEachTask(StackTask::passOnInterruptOfResumer);
        } catch (Throwable t) {
          // no memory, say: the next look may have some
        }
      }
    }
  }

  // ---- on the resumer's thread ----------------------------------------------------------------

  /**
   * Before the body goes on.
   *
   * @param resumer the calling thread
   * @return whether the resumer was interrupted: it isn't any more, and the body is
   */
  boolean lend(Thread resumer, Thread body) {
    lendThreadLocals(resumer, body);
    settle();
    if (!resumer.isInterrupted()) {
      return false;
    }
    return moveInterrupt(body);
  }

  /** What has come to the body since it went on last. */
  private void settle() {
    if (passing == GIVEN) {
      passing = NOTHING; // a transfer has ended that turn, and the body has its interrupt still
    } else if (passing != NOTHING) {
      awaitPassed(); // which began when the turn before was about to end
      late = true;
    }
    if (lent) { // with a resume that has failed
      lent = false;
      late = true;
    }
  }

  private void lendThreadLocals(Thread resumer, Thread body) {
    if (sharesThreadLocals) {
      ThreadLocalMaps.share(resumer, body);
    }
  }

  /** The calling thread's interrupt status becomes the body's. */
  private boolean moveInterrupt(Thread body) {
    Headroom.ensure(); // it may call the scheduler of virtual threads
    late = false;
    lent = true;
    body.interrupt();
    return Thread.interrupted();
  }

  /**
   * After the body has left or ended: the interrupt that it leaves with is the caller's, and what
   * it has borrowed is not on its thread any more.
   */
  void takeBack(CoroutineStack left, boolean ended) {
    boolean late = (passing != NOTHING || comesOut) && takeInterruptSlowly(left);
    if (!ended) {
      takeAway(left);
    } else if (late) {
      left.spoil(); // an interrupt that isn't its next task's
    }
  }

  /** After the body has left the stack: it keeps nothing alive that is another thread's. */
  void takeAway(@Nullable CoroutineStack stack) {
    if (sharesThreadLocals && stack != null) {
      try {
        ThreadLocalMaps.erase(stack.thread());
      } catch (Throwable t) {
        // the next resume replaces them
      }
    }
  }

  private boolean takeInterruptSlowly(CoroutineStack left) {
    try {
      if (passing == GIVEN) {
        passing = NOTHING;
        if (left.thread().isInterrupted()) { // the body had looked for the last time
          late = true;
          Thread.currentThread().interrupt();
        }
      } else if (passing != NOTHING) {
        awaitPassed();
        if (left.thread().isInterrupted()) {
          late = true;
        } else {
          Thread.interrupted();
        }
      }
      if (comesOut) {
        Thread.currentThread().interrupt();
        comesOut = false;
      }
    } catch (Throwable t) {
      // no stack for it: it comes out the next time
    }
    return late;
  }

  private void awaitPassed() {
    whenPassed();
    passing = NOTHING;
  }

  @SuppressWarnings("ThreadPriorityCheck") // the watch may need our processor
  private int whenPassed() {
    while (passing == PASSING) {
      Thread.yield();
    }
    return passing == GIVEN ? GIVEN : PASSED;
  }

  /** Where the resumer, in the middle of its turn, has noticed that it was interrupted. */
  void give(Thread body) {
    passing = GIVEN;
    body.interrupt();
  }

  // ---- on the body's thread -------------------------------------------------------------------

  /** Before the body leaves. */
  void giveBack(Thread body, Thread resumer) {
    giveBackThreadLocals(body, resumer);
    if (body.isInterrupted()) {
      comesOut = true;
      Thread.interrupted();
    }
  }

  private void giveBackThreadLocals(Thread body, Thread resumer) {
    if (sharesThreadLocals) {
      ThreadLocalMaps.share(body, resumer);
    }
  }

  /** The body could not leave after all. */
  void undoGiveBack(Thread body) {
    if (comesOut) {
      comesOut = false;
      body.interrupt();
    }
  }

  /** When the body goes on. */
  void arrive() {
    lent = false;
    if (late) {
      late = false;
      Thread.interrupted();
    }
  }

  /** At the end of the body: never throws. */
  void end(Thread body, Thread resumer) {
    try {
      giveBack(body, resumer);
      if (sharesThreadLocals) {
        ThreadLocalMaps.erase(body);
      }
    } catch (Throwable t) {
      // what the body threw or returned must come out
    }
  }

  /**
   * Before the body transfers: the resumer, who stands still, is the next one's.
   *
   * @param from the context of the calling body; null if it has its own
   * @param to that of the target
   * @return what {@link #moveBack} needs
   */
  static int move(
      @Nullable ResumersContext from,
      Thread body,
      @Nullable ResumersContext to,
      Thread next,
      Thread resumer) {
    if (from != null) {
      from.giveBackThreadLocals(body, resumer);
    }
    if (to == null) {
      return NOTHING;
    }
    to.lendThreadLocals(resumer, next);
    to.settle();
    int after = NOTHING;
    if (from != null) {
      int seen = from.passing == NOTHING ? NOTHING : from.whenPassed();
      boolean interrupted = body.isInterrupted() && to.moveInterrupt(next); // the last that fails
      if (seen != NOTHING) {
        to.passing = seen;
        from.passing = NOTHING;
      }
      after = interrupted ? seen | INTERRUPTED : seen;
    }
    return after;
  }

  /**
   * The body could not leave after all: the interrupt that it had is its own again.
   *
   * @param moved what {@link #move} has returned
   */
  static void moveBack(
      int moved, @Nullable ResumersContext from, @Nullable ResumersContext to, Thread body) {
    if (from == null || to == null || moved == NOTHING) {
      return;
    }
    int before = moved & ~INTERRUPTED;
    if (before != NOTHING) {
      to.passing = NOTHING;
      from.passing = before;
    }
    if (moved != before) {
      body.interrupt();
    }
  }

  /**
   * Once the body has ended and its coroutine has left the stack, before the stack may serve
   * another: an interrupt that the watch had begun to pass on by then is not the other's. Either
   * the watch sees that the stack was left, or this sees the watch.
   */
  void awaitLastInterrupt(CoroutineStack left) {
    VarHandle.fullFence();
    if (passing != NOTHING) {
      awaitPassed();
      left.spoil();
    }
  }

  // ---- on the thread that looks for interrupts ------------------------------------------------

  /** While the body runs on {@link Engine#NATIVE}: its resumer can't look. */
  void passOn(Thread resumer, CoroutineCore<?, ?> core, CoroutineStack stack) {
    if (passing == NOTHING && resumer.isInterrupted()) {
      int after = NOTHING;
      passing = PASSING;
      VarHandle.fullFence();
      try {
        if (core.isOn(stack)) { // as its end sees then that it has to wait
          stack.thread().interrupt();
          after = PASSED;
        }
      } finally {
        passing = after;
      }
    }
  }
}
