package dev.stackful.fuzz;

import java.util.ArrayList;
import java.util.List;

/** What is to be done at a time, in the order of the times and of being set. */
final class ModelTimers {
  /** Something to be done. */
  record Timer(long atMillis, Runnable action) {}

  private final List<Timer> set = new ArrayList<>();

  /** Milliseconds since the start. */
  long now;

  Timer set(long afterMillis, Runnable action) {
    Timer timer = new Timer(now + afterMillis, action);
    int place = 0;
    while (place < set.size() && set.get(place).atMillis() <= timer.atMillis()) {
      place++;
    }
    set.add(place, timer);
    return timer;
  }

  void remove(Timer timer) {
    set.removeIf(other -> other == timer);
  }

  boolean isEmpty() {
    return set.isEmpty();
  }

  /** Time jumps to the next timer, or to a time before. */
  void jump(long untilMillis) {
    long next = set.isEmpty() ? Long.MAX_VALUE : set.getFirst().atMillis();
    now = Math.max(now, Math.min(next, untilMillis));
  }

  void fireDue() {
    while (!set.isEmpty() && set.getFirst().atMillis() <= now) {
      set.removeFirst().action().run();
    }
  }
}
