package dev.stackful.benchmarks;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/** A sequence on the JDK's own continuation, the least there can be. */
final class ContinuationIterator implements Iterator<Object> {
  private static final ContinuationScope SCOPE = new ContinuationScope("sequence");

  private final Continuation continuation;
  private Object element = this;
  private boolean ahead;

  ContinuationIterator(Consumer<Consumer<Object>> body) {
    this.continuation = new Continuation(SCOPE, () -> body.accept(this::yield));
  }

  private void yield(Object element) {
    this.element = element;
    Continuation.yield(SCOPE);
  }

  @Override
  public boolean hasNext() {
    if (!ahead && !continuation.isDone()) {
      continuation.run();
      ahead = !continuation.isDone();
    }
    return ahead;
  }

  @Override
  public Object next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ahead = false;
    return element;
  }
}
