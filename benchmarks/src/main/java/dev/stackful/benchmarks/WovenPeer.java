package dev.stackful.benchmarks;

import dev.stackful.benchmarks.KotlinPeer.Node;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What the benchmarks do with coroutines, by a library that rewrites byte code so that methods can
 * save their variables, return, and go on later. Each is in a module of its own below {@code
 * benchmarks/peers}, where its own tool rewrites it as it is built.
 */
public interface WovenPeer {
  /**
   * Makes one that gives back what comes in, so many times, then ends with what came in last.
   *
   * @param yields how often it is suspended
   * @return resumes it with a value, and returns what it gives back
   */
  UnaryOperator<Object> echo(long yields);

  /**
   * Makes a sequence.
   *
   * @param elements what it yields
   * @return its iterator
   */
  Iterator<Object> elements(Object[] elements);

  /**
   * Makes a sequence of a tree's values, a node's before those below it, by a method that calls
   * itself.
   *
   * @param tree its root
   * @return its iterator
   */
  Iterator<Object> walk(Node tree);

  /**
   * Finds a peer, and checks that it suspends.
   *
   * @param name of its class, below {@code dev.stackful.benchmarks.peers}
   * @return the peer
   * @throws IllegalStateException if its module isn't on the class path, or it doesn't suspend
   */
  static WovenPeer named(String name) {
    try {
      WovenPeer peer =
          Class.forName("dev.stackful.benchmarks.peers." + name)
              .asSubclass(WovenPeer.class)
              .getDeclaredConstructor()
              .newInstance();
      peer.checkSuspends();
      return peer;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "no peer " + name + " on the class path, where ./stackful bench puts it", e);
    }
  }

  /**
   * Checks that bodies stand still where they yield: that of a sequence has not read its second
   * element when the first one is taken. A body that ran on would be a list.
   *
   * @throws IllegalStateException if they don't
   */
  default void checkSuspends() {
    UnaryOperator<Object> echo = echo(1);
    require(echo.apply("a").equals("a"), "the first value doesn't come back");
    require(echo.apply("b").equals("b"), "the second value doesn't come back");

    Object[] elements = {"a", "b"};
    Iterator<Object> sequence = elements(elements);
    require(sequence.next().equals("a"), "the first element isn't the first");
    elements[1] = "c";
    require(sequence.next().equals("c"), "the body of a sequence has run ahead");
    require(!sequence.hasNext(), "a sequence doesn't end");

    List<Node> children = new ArrayList<>(List.of(new Node("b", List.of())));
    Iterator<Object> walk = walk(new Node("a", List.of(new Node("-", children))));
    require(walk.next().equals("a") && walk.next().equals("-"), "a walk isn't in order");
    children.set(0, new Node("c", List.of()));
    require(walk.next().equals("c"), "the body of a walk has run ahead");
    require(!walk.hasNext(), "a walk doesn't end");
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(getClass().getSimpleName() + ": " + otherwise);
    }
  }
}
