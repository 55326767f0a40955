package dev.stackful.io;

import dev.stackful.CoroutineException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a body has thrown, and how that looks to the code that reads or writes on the other side.
 */
final class BodyFailure {
  private @Nullable Throwable thrown;

  void set(Throwable thrown) {
    this.thrown = thrown;
  }

  boolean isSet() {
    return thrown != null;
  }

  /** What the body has thrown, if it has. */
  @Nullable Throwable get() {
    return thrown;
  }

  /**
   * Throws again what came out of a turn of the body.
   *
   * @return never; an IOException, so that a caller can throw it
   */
  IOException outOf(Throwable t) throws IOException {
    if (t instanceof CoroutineException && t.getCause() == thrown) {
      return again();
    }
    if (t instanceof Error e) {
      throw e;
    }
    throw (RuntimeException) t;
  }

  /** Throws what the body has thrown: a checked exception as an IOException. */
  IOException again() throws IOException {
    if (thrown instanceof Error e) {
      throw e;
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof IOException e) {
      throw e;
    }
    throw new IOException("the body threw " + thrown, thrown);
  }
}
