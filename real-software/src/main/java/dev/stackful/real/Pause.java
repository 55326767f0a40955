package dev.stackful.real;

import dev.stackful.Coroutine;
import dev.stackful.Yielder;

/** What a callback does. Public, as databases and interpreters look for it by its name. */
public final class Pause {
  private Pause() {}

  /** Yields in a body; outside of one, and on threads that a program starts, it does nothing. */
  public static void here() {
    if (Coroutine.current().isPresent()) {
      Yielder<Integer, Integer> self = Yielder.current();
      int sent = 42;
      int back = self.yield(sent);
      if (back != sent) {
        throw new AssertionError("sent " + sent + ", got " + back);
      }
    }
  }

  /** In the place of {@link Thread#yield}: yields in a body, and elsewhere as that does. */
  @SuppressWarnings("ThreadPriorityCheck") // what the tests would have called
  public static void hereOrYield() {
    if (Coroutine.current().isPresent()) {
      here();
    } else {
      Thread.yield();
    }
  }

  /** Yields, and gives its argument back: a function for a row of a table. */
  public static int row(int value) {
    here();
    return value;
  }
}
