package dev.stackful.benchmarks;

import java.util.function.Consumer;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/** A sequence on the JDK's own continuation, the least there can be. */
final class ContinuationIterator extends ResumingIterator {
  private static final ContinuationScope SCOPE = new ContinuationScope("sequence");

  private final Continuation continuation;
  private Object element = this;

  ContinuationIterator(Consumer<Consumer<Object>> body) {
    this.continuation = new Continuation(SCOPE, () -> body.accept(this::yield));
  }

  private void yield(Object element) {
    this.element = element;
    Continuation.yield(SCOPE);
  }

  @Override
  protected boolean resume() {
    continuation.run();
    return !continuation.isDone();
  }

  @Override
  protected Object element() {
    return element;
  }
}
