package dev.stackful.benchmarks;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * The same as {@link Echo} on the JDK's own continuation: what virtual threads are made of, without
 * their scheduler. It is internal to the JDK, and not safe for use in programs: a thread that holds
 * a monitor may not run one.
 */
final class ContinuationEcho {
  private static final ContinuationScope SCOPE = new ContinuationScope("benchmark");

  private final long yields;
  private final Continuation continuation = new Continuation(SCOPE, this::run);
  private Object transfer = this;

  ContinuationEcho(long yields) {
    this.yields = yields;
  }

  Object resume(Object value) {
    transfer = value;
    continuation.run();
    return transfer;
  }

  private void run() {
    for (long i = 0; i < yields; i++) {
      Continuation.yield(SCOPE);
    }
  }
}
