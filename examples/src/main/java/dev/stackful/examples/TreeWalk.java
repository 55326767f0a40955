package dev.stackful.examples;

import dev.stackful.Generator;
import dev.stackful.GeneratorScope;
import org.jspecify.annotations.Nullable;

/** The values of a binary search tree in order: a recursive walk that yields from every depth. */
public final class TreeWalk {
  private TreeWalk() {}

  private record Node(@Nullable Node left, int value, @Nullable Node right) {}

  private static Generator<Integer> inOrder(@Nullable Node root) {
    return Generator.of(scope -> walk(root, scope));
  }

  private static void walk(@Nullable Node node, GeneratorScope<Integer> scope) {
    if (node != null) {
      walk(node.left, scope);
      scope.yield(node.value);
      walk(node.right, scope);
    }
  }

  private static Node insert(@Nullable Node node, int value) {
    if (node == null) {
      return new Node(null, value, null);
    }
    return value < node.value
        ? new Node(insert(node.left, value), node.value, node.right)
        : new Node(node.left, node.value, insert(node.right, value));
  }

  /**
   * Sorts some numbers by way of a tree.
   *
   * @param arguments whole numbers; without any, some that are built in
   */
  public static void main(String[] arguments) {
    String[] numbers = arguments.length > 0 ? arguments : "50 20 80 10 30 70 90 25".split(" ");
    Node root = null;
    for (String number : numbers) {
      try {
        root = insert(root, Integer.parseInt(number));
      } catch (NumberFormatException e) {
        System.err.println("usage: TreeWalk [NUMBER...]; each is a whole number of 32 bits");
        System.exit(2);
      }
    }
    for (int value : inOrder(root)) {
      System.out.println(value);
    }
  }
}
