package dev.stackful.fiber;

import java.util.concurrent.locks.LockSupport;

/**
 * The time by which the fibers of a {@link FiberRuntime} sleep. {@link #system()} is the real one,
 * with {@link #virtual()} time jumps. A program may have its own, such as one that stands still
 * while a game is paused.
 *
 * <p>The runtime calls a clock only from the thread that runs it at the time. A clock serves one
 * runtime.
 *
 * @since 0.1.0
 */
public interface FiberClock {
  /**
   * {@return the time in nanoseconds since an origin of the clock's own} It may not go backwards.
   */
  long nanoTime();

  /**
   * Called when no fiber is ready: returns when the time has come, and may return earlier for any
   * reason; the runtime calls it again then. It must return soon after the calling thread was
   * {@linkplain LockSupport#unpark unparked}, which is how the runtime tells that something came
   * from outside, or interrupted.
   *
   * @param deadlineNanos the time of the next timer, as {@link #nanoTime} tells it
   */
  void parkUntil(long deadlineNanos);

  /**
   * {@return the real time, {@link System#nanoTime()}; the thread is parked until a timer is due}
   */
  static FiberClock system() {
    return SystemClock.INSTANCE;
  }

  /**
   * {@return a new clock that starts at 0 and stands still while a fiber is ready} Where none is,
   * it jumps to the next timer. So a simulated day takes as long as what happens in it, and the
   * same program takes the same course each time.
   *
   * <p>Time jumps although a fiber {@linkplain Fiber#await awaits} a stage, as it may be another
   * fiber that will complete it. Only where there is no timer does the runtime wait for what comes
   * from outside. So what other threads do has no place in virtual time, and programs that mix the
   * two are not deterministic.
   */
  static FiberClock virtual() {
    return new VirtualClock();
  }
}
