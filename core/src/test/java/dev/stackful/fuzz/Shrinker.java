package dev.stackful.fuzz;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Deletes statements of a program that fails, as many at once as it can, for as long as it still
 * fails (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
 */
final class Shrinker {
  private final Program program;
  private final Predicate<Program> fails;
  private final long endNanos;

  Shrinker(Program program, Duration atMost, Predicate<Program> fails) {
    this.program = program;
    this.fails = fails;
    this.endNanos = System.nanoTime() + atMost.toNanos();
  }

  /** The numbers of the statements that can be left out. */
  Set<Integer> deletable() {
    Set<Integer> deleted = new TreeSet<>();
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (int size = Math.max(1, left(deleted).size() / 2); size >= 1; size /= 2) {
        smaller |= deleteBy(size, deleted);
      }
    }
    return deleted;
  }

  private List<Integer> left(Set<Integer> deleted) {
    return program.without(deleted).numbers();
  }

  /** Tries to delete each run of so many statements, the last ones first. */
  private boolean deleteBy(int size, Set<Integer> deleted) {
    boolean smaller = false;
    List<Integer> left = new ArrayList<>(left(deleted));
    for (int from = (left.size() - 1) / size * size; from >= 0; from -= size) {
      if (System.nanoTime() >= endNanos) {
        return false;
      }
      Set<Integer> tried = new HashSet<>(deleted);
      tried.addAll(left.subList(from, Math.min(from + size, left.size())));
      if (fails.test(program.without(tried))) {
        deleted.addAll(tried);
        smaller = true;
      }
    }
    return smaller;
  }
}
