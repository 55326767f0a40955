package dev.stackful.benchmarks.peers;

import dev.stackful.benchmarks.KotlinPeer.Node;
import dev.stackful.benchmarks.WovenPeer;
import java.util.Iterator;
import java.util.function.UnaryOperator;
import kilim.Continuation;
import kilim.Fiber;
import kilim.Generator;
import kilim.Pausable;

/** By Kilim, without its scheduler. */
public final class Kilim implements WovenPeer {
  /** Made by its name. */
  public Kilim() {}

  @Override
  public UnaryOperator<Object> echo(long yields) {
    return new Echo(yields);
  }

  @Override
  public Iterator<Object> elements(Object[] elements) {
    return new Elements(elements);
  }

  @Override
  public Iterator<Object> walk(Node tree) {
    return new Walk(tree);
  }

  private static final class Echo extends Continuation implements UnaryOperator<Object> {
    private final long yields;
    private Object transfer = this;

    Echo(long yields) {
      this.yields = yields;
    }

    @Override
    public void execute() throws Pausable {
      for (long i = 0; i < yields; i++) {
        Fiber.yield();
      }
    }

    @Override
    public Object apply(Object value) {
      transfer = value;
      run();
      return transfer;
    }
  }

  private static final class Elements extends Generator<Object> {
    private final Object[] elements;

    Elements(Object[] elements) {
      this.elements = elements;
    }

    @Override
    public void execute() throws Pausable {
      for (Object element : elements) {
        this.yield(element);
      }
    }
  }

  private static final class Walk extends Generator<Object> {
    private final Node tree;

    Walk(Node tree) {
      this.tree = tree;
    }

    @Override
    public void execute() throws Pausable {
      walk(tree);
    }

    private void walk(Node node) throws Pausable {
      this.yield(node.getValue());
      for (Node child : node.getChildren()) {
        walk(child);
      }
    }
  }
}
