package dev.stackful.internal.watch;

import org.jspecify.annotations.Nullable;

/**
 * One resume, while somebody looks on: the {@link Watchdog}, a recording of the Flight Recorder, or
 * both. Made before the coroutine is claimed, as making it can fail.
 */
public final class ObservedTurn {
  private final Thread resumer = Thread.currentThread();
  private final ObservedCoroutine resumed;
  private final CoroutineEvents.@Nullable Run event;

  /** The coroutine that runs in this turn; another one after a transfer. */
  private volatile ObservedCoroutine running;

  private volatile boolean claimed;

  /** Written first of all when the turn ends, by a plain access that can't fail. */
  public volatile boolean over;

  /** For the watchdog's thread alone. */
  @Nullable Object suspicion;

  /** For the watchdog's thread alone. */
  boolean reported;

  private ObservedTurn(ObservedCoroutine core, CoroutineEvents.@Nullable Run event) {
    this.resumed = core;
    this.running = core;
    this.event = event;
  }

  /** Whether somebody looks on. The first is a constant, so this costs the check of one flag. */
  public static boolean isWanted() {
    return Watchdog.ON || CoroutineEvents.recordsRuns();
  }

  /** Begins to observe what the calling thread is about to do. */
  public static ObservedTurn begin(ObservedCoroutine core) {
    ObservedTurn turn = new ObservedTurn(core, CoroutineEvents.beginRun());
    if (Watchdog.ON) {
      Watchdog.watch(turn);
    }
    return turn;
  }

  /** The coroutine is the calling thread's now. */
  public void claimed() {
    claimed = true;
  }

  /** The turn has ended, or was refused. */
  public void end() {
    if (Watchdog.ON) {
      Watchdog.forget(this);
    }
    if (event != null && claimed) {
      CoroutineEvents.endRun(event, resumed);
    }
  }

  void transferred(ObservedCoroutine from, ObservedCoroutine to) {
    if (running == from) {
      running = to;
    }
  }

  boolean isGoingOn() {
    return claimed && !over;
  }

  boolean isOver() {
    return over;
  }

  Thread resumer() {
    return resumer;
  }

  ObservedCoroutine running() {
    return running;
  }
}
