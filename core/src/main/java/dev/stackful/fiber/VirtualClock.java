package dev.stackful.fiber;

/** Time that jumps to the next deadline. */
final class VirtualClock implements FiberClock {
  private long nanos;

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void parkUntil(long deadlineNanos) {
    nanos = Math.max(nanos, deadlineNanos);
  }
}
