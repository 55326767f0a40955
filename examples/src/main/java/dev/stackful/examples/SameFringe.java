package dev.stackful.examples;

import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import dev.stackful.GeneratorScope;

/**
 * Whether two trees have the same leaves in the same order, whatever their shapes. Two recursive
 * walks go forward in step, and stop at the first difference.
 */
public final class SameFringe {
  private SameFringe() {}

  private sealed interface Tree {}

  private record Leaf(String name) implements Tree {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Fork(Tree left, Tree right) implements Tree {
    @Override
    public String toString() {
      return "(" + left + " " + right + ")";
    }
  }

  private static Generator<String> leaves(Tree tree) {
    return Generator.of(scope -> walk(tree, scope));
  }

  private static void walk(Tree tree, GeneratorScope<String> scope) {
    switch (tree) {
      case Leaf(String name) -> {
        System.out.println("  at leaf " + name);
        scope.yield(name);
      }
      case Fork(Tree left, Tree right) -> {
        walk(left, scope);
        walk(right, scope);
      }
    }
  }

  private static boolean sameFringe(Tree one, Tree other) {
    try (GeneratorIterator<String> ones = leaves(one).iterator();
        GeneratorIterator<String> others = leaves(other).iterator()) {
      while (ones.hasNext() && others.hasNext()) {
        if (!ones.next().equals(others.next())) {
          return false;
        }
      }
      return ones.hasNext() == others.hasNext();
    }
  }

  private static void compare(Tree one, Tree other) {
    System.out.println(one + " and " + other);
    System.out.println(sameFringe(one, other) ? "same" : "different");
  }

  private static Tree leaf(String name) {
    return new Leaf(name);
  }

  private static Tree fork(Tree left, Tree right) {
    return new Fork(left, right);
  }

  /**
   * Compares a tree with another of the same leaves, and with one whose second leaf differs.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      System.err.println("usage: SameFringe; it takes no arguments");
      System.exit(2);
    }
    Tree tree = fork(fork(leaf("a"), leaf("b")), leaf("c"));
    compare(tree, fork(leaf("a"), fork(leaf("b"), leaf("c"))));
    compare(tree, fork(leaf("a"), fork(leaf("x"), leaf("c"))));
  }
}
