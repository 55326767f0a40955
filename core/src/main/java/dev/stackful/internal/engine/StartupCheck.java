package dev.stackful.internal.engine;

/**
 * One thing that must hold before the native engine is offered, and how it turned out.
 *
 * @param name what is checked
 * @param outcome how it turned out
 * @param finding what was found; for a failure, a reason that says what to do
 */
public record StartupCheck(String name, Outcome outcome, String finding) {
  /** How a check turned out. */
  public enum Outcome {
    /** It holds. */
    PASSED,
    /** It does not, and the native engine does without; the finding says at what cost. */
    MISSING,
    /** It does not: the native engine is not offered. */
    FAILED,
    /** An earlier one failed that it needs. */
    NOT_TRIED
  }
}
