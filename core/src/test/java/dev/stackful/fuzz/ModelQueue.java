package dev.stackful.fuzz;

import dev.stackful.fuzz.ModelWait.Place;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Fibers that wait for the same thing, first in, first out. */
final class ModelQueue {
  private final FiberMachine machine;
  private final Deque<Place> places = new ArrayDeque<>();

  ModelQueue(FiberMachine machine) {
    this.machine = machine;
  }

  void add(Place place) {
    places.add(place);
  }

  /** Who has waited longest; null if nobody waits. */
  @Nullable Place first() {
    places.removeIf(place -> place.wait.over);
    return places.peek();
  }

  int size() {
    places.removeIf(place -> place.wait.over);
    return places.size();
  }

  boolean isEmpty() {
    return first() == null;
  }

  /** Ends the wait of who has waited longest, and returns whether somebody did. */
  boolean resumeFirst(@Nullable Object value) {
    Place place = first();
    if (place == null) {
      return false;
    }
    place.got = value;
    machine.endWait(place.wait, place);
    return true;
  }

  /** The one that has waited shortest first: so does CompletableFuture. */
  void resumeAllBackwards(@Nullable Object value) {
    places.removeIf(place -> place.wait.over);
    while (!places.isEmpty()) {
      Place place = places.removeLast();
      place.got = value;
      machine.endWait(place.wait, place);
    }
  }

  void resumeAll(@Nullable Object value) {
    boolean resumed;
    do {
      resumed = resumeFirst(value);
    } while (resumed);
  }
}
