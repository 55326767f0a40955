package dev.stackful.internal.foreign;

import org.jspecify.annotations.Nullable;

/** There is no memory for another stack; the message names the limit. */
public final class StackMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StackMemoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
