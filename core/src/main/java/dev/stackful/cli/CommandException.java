package dev.stackful.cli;

/** The command was called rightly, and can't do what it was asked for. */
final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  CommandException(String message) {
    super(message);
  }
}
