package dev.stackful.examples.snippets;

import dev.stackful.Generator;
import org.jspecify.annotations.Nullable;

/**
 * A binary tree, whose values are taken in order.
 *
 * @param left what comes before the value
 * @param value the root's
 * @param right what comes after it
 */
// @start region="tree"
public record Tree(@Nullable Tree left, int value, @Nullable Tree right) {
  Generator<Integer> inOrder() {
    return Generator.of(
        scope -> {
          if (left != null) {
            scope.yieldAll(left.inOrder());
          }
          scope.yield(value);
          if (right != null) {
            scope.yieldAll(right.inOrder());
          }
        });
  }

  // @end

  /**
   * Prints the values of a small one.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    Tree tree = new Tree(new Tree(null, 1, new Tree(null, 2, null)), 3, new Tree(null, 4, null));
    for (int value : tree.inOrder()) {
      System.out.print(value + " ");
    }
    System.out.println();
  }
}
