package dev.stackful.benchmarks.peers;

import com.offbynull.coroutines.user.Continuation;
import com.offbynull.coroutines.user.Coroutine;
import com.offbynull.coroutines.user.CoroutineRunner;
import dev.stackful.benchmarks.KotlinPeer.Node;
import dev.stackful.benchmarks.ResumingIterator;
import dev.stackful.benchmarks.WovenPeer;
import java.util.Iterator;
import java.util.function.UnaryOperator;

/** By the library Coroutines of offbynull. */
public final class OffbynullCoroutines implements WovenPeer {
  /** Made by its name. */
  public OffbynullCoroutines() {}

  @Override
  public UnaryOperator<Object> echo(long yields) {
    return new Echo(yields);
  }

  @Override
  public Iterator<Object> elements(Object[] elements) {
    return new Sequence(new Elements(elements));
  }

  @Override
  public Iterator<Object> walk(Node tree) {
    return new Sequence(new Walk(tree));
  }

  @SuppressWarnings("serial") // its interface extends Serializable; nothing is serialised here
  private static final class Echo implements Coroutine, UnaryOperator<Object> {
    private final long yields;
    private final CoroutineRunner runner = new CoroutineRunner(this);
    private Object transfer = this;

    Echo(long yields) {
      this.yields = yields;
    }

    @Override
    public void run(Continuation continuation) {
      for (long i = 0; i < yields; i++) {
        continuation.suspend();
      }
    }

    @Override
    public Object apply(Object value) {
      transfer = value;
      runner.execute();
      return transfer;
    }
  }

  /** A body that leaves each element where its iterator takes it. */
  @SuppressWarnings("serial")
  private abstract static class Body implements Coroutine {
    Object element = this;
  }

  @SuppressWarnings("serial")
  private static final class Elements extends Body {
    private final Object[] elements;

    Elements(Object[] elements) {
      this.elements = elements;
    }

    @Override
    public void run(Continuation continuation) {
      for (Object each : elements) {
        element = each;
        continuation.suspend();
      }
    }
  }

  @SuppressWarnings("serial")
  private static final class Walk extends Body {
    private final Node tree;

    Walk(Node tree) {
      this.tree = tree;
    }

    @Override
    public void run(Continuation continuation) {
      walk(continuation, tree);
    }

    private void walk(Continuation continuation, Node node) {
      element = node.getValue();
      continuation.suspend();
      for (Node child : node.getChildren()) {
        walk(continuation, child);
      }
    }
  }

  private static final class Sequence extends ResumingIterator {
    private final Body body;
    private final CoroutineRunner runner;

    Sequence(Body body) {
      this.body = body;
      this.runner = new CoroutineRunner(body);
    }

    @Override
    protected boolean resume() {
      return runner.execute();
    }

    @Override
    protected Object element() {
      return body.element;
    }
  }
}
