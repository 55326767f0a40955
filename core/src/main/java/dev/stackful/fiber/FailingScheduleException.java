package dev.stackful.fiber;

/**
 * Tells under which schedule a test fails, as a {@link FiberExplorer} has found it. The {@linkplain
 * #getCause() cause} is what the test threw.
 *
 * @since 0.1.0
 */
public final class FailingScheduleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Which fiber had each turn. */
  private final String schedule;

  /** What happened, in JSON. */
  private final String trace;

  FailingScheduleException(String message, String schedule, String trace, Throwable cause) {
    super(message, cause);
    this.schedule = schedule;
    this.trace = trace;
  }

  /** {@return the schedule, for {@link FiberExplorer#replay}} Empty for the ordinary one. */
  public String schedule() {
    return schedule;
  }

  /**
   * {@return the trace of the run: JSON, as {@link FiberRuntime.Builder#trace} writes it, which
   * Perfetto opens}
   */
  public String trace() {
    return trace;
  }
}
