package dev.stackful.examples.context;

import dev.stackful.ContextElement;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;

/**
 * Carries all that Micrometer's context propagation knows of from the resumer to the body, with
 * every turn: SLF4J's MDC, and whatever else has a {@code ThreadLocalAccessor}.
 */
final class MicrometerElement implements ContextElement<ContextSnapshot, ContextSnapshot.Scope> {
  private final ContextSnapshotFactory snapshots;

  MicrometerElement(ContextSnapshotFactory snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  public ContextSnapshot capture() {
    return snapshots.captureAll();
  }

  @Override
  public ContextSnapshot.Scope set(ContextSnapshot captured) {
    return captured.setThreadLocals();
  }

  @Override
  public void restore(ContextSnapshot.Scope previous) {
    previous.close();
  }
}
