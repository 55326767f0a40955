package dev.stackful.foreign;

/** Prints whether a native coroutine can be made here, and why not. */
public final class NativeAvailable {
  private NativeAvailable() {}

  /** Runs it, twice: a refusal must not be another one the next time. */
  public static void main(String[] arguments) {
    for (int i = 0; i < 2; i++) {
      try (NativeCoroutine c = NativeCoroutine.ofConfined()) {
        System.out.println("made " + c.state());
      } catch (IllegalCallerException | UnsupportedOperationException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }
}
