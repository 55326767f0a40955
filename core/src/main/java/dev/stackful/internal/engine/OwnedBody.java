package dev.stackful.internal.engine;

/**
 * A coroutine's body that belongs to something larger, such as a generator or a fiber, which alone
 * resumes it. Others that find the coroutine may look at it only.
 */
public interface OwnedBody {
  /** What it belongs to, with its article, for messages: {@code a generator}. */
  String owner();
}
