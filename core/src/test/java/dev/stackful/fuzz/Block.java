package dev.stackful.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Statements, one after the other. */
record Block(List<Statement> statements) {
  static final Block EMPTY = new Block(List.of());

  boolean isEmpty() {
    return statements.isEmpty();
  }

  /** The same without the statements of these numbers, and without what they contain. */
  Block without(Set<Integer> deleted) {
    List<Statement> kept = new ArrayList<>();
    for (Statement statement : statements) {
      if (!deleted.contains(statement.number())) {
        kept.add(statement.without(deleted));
      }
    }
    return new Block(kept);
  }

  /** Adds the numbers of all statements, those inside others too, in the order of the text. */
  void numbers(List<Integer> into) {
    for (Statement statement : statements) {
      into.add(statement.number());
      statement.blocks().forEach(block -> block.numbers(into));
    }
  }
}
