package dev.stackful.benchmarks.peers;

import static java.util.Objects.requireNonNull;

import dev.stackful.benchmarks.KotlinPeer.Node;
import dev.stackful.benchmarks.ResumingIterator;
import dev.stackful.benchmarks.WovenPeer;
import java.util.Iterator;
import java.util.function.UnaryOperator;
import org.apache.commons.javaflow.api.Continuation;
import org.apache.commons.javaflow.api.continuable;
import org.jspecify.annotations.Nullable;

/** By Tascalate JavaFlow. Continuations that are resumed once each, which are its fastest. */
public final class Javaflow implements WovenPeer {
  /** Made by its name. */
  public Javaflow() {}

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

  private static final class Echo implements Runnable, UnaryOperator<Object> {
    private final long yields;
    private @Nullable Continuation next = Continuation.startSuspendedWith(this, true);
    private Object transfer = this;

    Echo(long yields) {
      this.yields = yields;
    }

    @Override
    @continuable
    public void run() {
      for (long i = 0; i < yields; i++) {
        Continuation.suspend();
      }
    }

    @Override
    public Object apply(Object value) {
      Continuation resumed = next;
      if (resumed == null) {
        throw new IllegalStateException("it has ended");
      }
      transfer = value;
      next = resumed.resume();
      return transfer;
    }
  }

  private static final class Elements implements Runnable {
    private final Object[] elements;

    Elements(Object[] elements) {
      this.elements = elements;
    }

    @Override
    @continuable
    public void run() {
      for (Object element : elements) {
        Continuation.suspend(element);
      }
    }
  }

  private record Walk(Node tree) implements Runnable {
    @Override
    @continuable
    public void run() {
      walk(tree);
    }

    @continuable
    private static void walk(Node node) {
      Continuation.suspend(node.getValue());
      for (Node child : node.getChildren()) {
        walk(child);
      }
    }
  }

  private static final class Sequence extends ResumingIterator {
    private @Nullable Continuation continuation;

    Sequence(Runnable body) {
      continuation = Continuation.startSuspendedWith(body, true);
    }

    @Override
    protected boolean resume() {
      continuation = requireNonNull(continuation).resume();
      return continuation != null;
    }

    @Override
    protected Object element() {
      return requireNonNull(continuation).value();
    }
  }
}
