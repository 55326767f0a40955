package dev.stackful.internal.os;

/** What every caller of a downcall handle needs. */
public final class Downcall {
  private Downcall() {}

  /**
   * Throws again what came out of {@code invokeExact}. A downcall declares {@code Throwable} but
   * can only end in an {@link Error}, such as a stack overflow before it has begun.
   */
  public static RuntimeException rethrow(Throwable t) {
    if (t instanceof Error e) {
      throw e;
    }
    if (t instanceof RuntimeException e) {
      throw e;
    }
    throw new AssertionError("a downcall throws no checked exception", t);
  }
}
