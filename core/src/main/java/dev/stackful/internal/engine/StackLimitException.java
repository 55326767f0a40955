package dev.stackful.internal.engine;

/** The machine allows no more stacks; the message names the limit. */
public final class StackLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StackLimitException(String message, Throwable cause) {
    super(message, cause);
  }

  StackLimitException(String message) {
    super(message);
  }
}
