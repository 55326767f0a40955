package dev.stackful.examples.foreign;

/** A document is not well-formed; the message is Expat's, with the line. */
public final class ExpatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long line;

  ExpatException(String message, long line) {
    super("line " + line + ": " + message);
    this.line = line;
  }

  /** {@return the line where Expat gave up, from 1} */
  public long line() {
    return line;
  }
}
