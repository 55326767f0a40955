package dev.stackful.fiber;

import java.util.Iterator;
import java.util.LinkedHashSet;

/**
 * The fibers of a runtime that have failed, until somebody joins them or the last one has ended.
 */
final class Failures {
  private static final int FEW = 64;

  private final LinkedHashSet<Fiber<?>> failed = new LinkedHashSet<>();

  /** How many there may be before those that somebody has joined since are dropped. */
  private int most = FEW;

  void add(Fiber<?> fiber) {
    if (failed.size() >= most) {
      failed.removeIf(Fiber::isObserved);
      most = Math.max(FEW, 2 * failed.size());
    }
    failed.add(fiber);
  }

  int size() {
    return failed.size();
  }

  /** Throws the first that nobody has joined, with the others suppressed; forgets them all. */
  void throwUnjoined() {
    FiberFailedException first = null;
    Iterator<Fiber<?>> rest = failed.iterator();
    while (rest.hasNext()) {
      Fiber<?> fiber = rest.next();
      rest.remove();
      if (!fiber.isObserved()) {
        FiberFailedException failure = fiber.failedException();
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
