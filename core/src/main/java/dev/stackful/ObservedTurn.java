package dev.stackful;

import org.jspecify.annotations.Nullable;

/**
 * One resume, while somebody looks on: the {@link Watchdog}, a recording of the Flight Recorder, or
 * both. Made before the coroutine is claimed, as making it can fail.
 */
final class ObservedTurn {
  private final Thread resumer = Thread.currentThread();
  private final CoroutineCore<?, ?> resumed;
  private final CoroutineEvents.@Nullable Run event;

  /** Who runs in this turn; another one after a transfer. */
  private volatile CoroutineCore<?, ?> running;

  private volatile boolean claimed;

  /** Written first of all when the turn ends, by a plain access that can't fail. */
  volatile boolean over;

  /** For the watchdog's thread alone. */
  @Nullable Object suspicion;

  /** For the watchdog's thread alone. */
  boolean reported;

  private ObservedTurn(CoroutineCore<?, ?> core, CoroutineEvents.@Nullable Run event) {
    this.resumed = core;
    this.running = core;
    this.event = event;
  }

  /** Whether anybody looks on. The first is a constant, so this costs the check of one flag. */
  static boolean isWanted() {
    return Watchdog.ON || CoroutineEvents.recordsRuns();
  }

  /** Begins to observe what the calling thread is about to do. */
  static ObservedTurn begin(CoroutineCore<?, ?> core) {
    ObservedTurn turn = new ObservedTurn(core, CoroutineEvents.beginRun());
    if (Watchdog.ON) {
      Watchdog.watch(turn);
    }
    return turn;
  }

  /** The coroutine is the calling thread's now. */
  void claimed() {
    claimed = true;
  }

  /** The turn has ended, or was refused. */
  void end() {
    if (Watchdog.ON) {
      Watchdog.forget(this);
    }
    if (event != null && claimed) {
      CoroutineEvents.endRun(event, resumed);
    }
  }

  void transferred(CoroutineCore<?, ?> from, CoroutineCore<?, ?> to) {
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

  CoroutineCore<?, ?> running() {
    return running;
  }
}
