package dev.stackful.fuzz;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says which of a program's slots an action is about, when it comes to it. Programs would mostly
 * ask what has ended to go on, if they couldn't look for what has not.
 */
record Slot(int first, Wanted wanted) {
  /** What a slot must hold to be taken instead of the first. */
  enum Wanted {
    ANY("slot"),
    /** What can go on. */
    ALIVE("a live slot from"),
    /** What has ended. */
    ENDED("an ended slot from");

    private final String text;

    Wanted(String text) {
      this.text = text;
    }
  }

  /**
   * The number of the slot: that of the first, going round, that holds what is wanted; the very
   * first if none does.
   */
  <T> int in(List<@Nullable T> slots, Predicate<T> isAlive, Predicate<T> hasEnded) {
    for (int i = 0; i < slots.size() && wanted != Wanted.ANY; i++) {
      int number = (first + i) % slots.size();
      T held = slots.get(number);
      if (held != null && (wanted == Wanted.ALIVE ? isAlive : hasEnded).test(held)) {
        return number;
      }
    }
    return first;
  }

  @Override
  public String toString() {
    return wanted.text + " " + first;
  }
}
