package dev.stackful.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * A coroutine's body that belongs to something larger, such as a generator or a fiber, which alone
 * resumes it. Others that find the coroutine may look at it only.
 */
public interface OwnedBody {
  /** What it belongs to, with its article, for messages: {@code a generator}. */
  String owner();

  /**
   * Whether it holds its coroutine until that has ended: such a one can't be abandoned, and nobody
   * looks out for it.
   */
  default boolean holdsCoroutine() {
    return false;
  }

  /** The name that it was given; null for none. */
  default @Nullable String givenName() {
    return null;
  }

  /** What the name of one that was given none begins with; its number follows. */
  default @Nullable String namePrefix() {
    return null;
  }

  /** Its number, if it has a name's beginning of its own. */
  default long number() {
    return 0;
  }
}
