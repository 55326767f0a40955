package dev.stackful.benchmarks;

import java.util.function.UnaryOperator;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * The same as {@link Echo} on the JDK's own continuation: what virtual threads are made of, without
 * their scheduler. It is internal to the JDK, and not safe for use in programs: a thread that holds
 * a monitor may not run one.
 */
final class ContinuationEcho {
  private static final ContinuationScope SCOPE = new ContinuationScope("benchmark");

  /** What a continuation runs. */
  @FunctionalInterface
  interface Body {
    /**
     * Runs.
     *
     * @param yield gives out a value, and takes what comes in
     * @param first what came in first
     */
    void run(UnaryOperator<Object> yield, Object first);
  }

  private final Continuation continuation;
  private Object transfer = this;

  ContinuationEcho(long yields) {
    this.continuation =
        new Continuation(
            SCOPE,
            () -> {
              for (long i = 0; i < yields; i++) {
                Continuation.yield(SCOPE);
              }
            });
  }

  ContinuationEcho(Body body) {
    this.continuation = new Continuation(SCOPE, () -> body.run(this::yield, transfer));
  }

  Object resume(Object value) {
    transfer = value;
    continuation.run();
    return transfer;
  }

  private Object yield(Object value) {
    transfer = value;
    Continuation.yield(SCOPE);
    return transfer;
  }
}
