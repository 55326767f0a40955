package dev.stackful.foreign;

/** Prints whether a foreign coroutine can be made here, and why not. */
public final class ForeignAvailable {
  private ForeignAvailable() {}

  /** Runs it, twice: a refusal must not be another one the next time. */
  public static void main(String[] arguments) {
    for (int i = 0; i < 2; i++) {
      try (ForeignCoroutine c = ForeignCoroutine.ofConfined()) {
        System.out.println("made " + c.state());
      } catch (IllegalCallerException | UnsupportedOperationException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }
}
