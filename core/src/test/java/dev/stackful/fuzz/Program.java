package dev.stackful.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A random program: routines, of which the first is the main one. What the others are, the bodies
 * of coroutines for instance, the actions say.
 */
record Program(List<Block> routines) {
  Block main() {
    return routines.getFirst();
  }

  /** The same without some statements. */
  Program without(Set<Integer> deleted) {
    return new Program(routines.stream().map(block -> block.without(deleted)).toList());
  }

  /** The numbers of all statements. */
  List<Integer> numbers() {
    List<Integer> all = new ArrayList<>();
    routines.forEach(block -> block.numbers(all));
    return all;
  }

  /** For people: with the statements' numbers at the left. */
  @Override
  public String toString() {
    Listing listing = new Listing();
    for (int i = 0; i < routines.size(); i++) {
      listing.routine(i == 0 ? "main" : "routine " + i, routines.get(i));
    }
    return listing.toString();
  }
}
