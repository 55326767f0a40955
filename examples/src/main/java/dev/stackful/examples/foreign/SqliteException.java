package dev.stackful.examples.foreign;

/** SQLite refused a statement; the message is its own. */
public final class SqliteException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;

  SqliteException(int code, String message) {
    super(message + " (SQLite's result code " + code + ")");
    this.code = code;
  }

  /** {@return SQLite's result code, such as 1 for an error in the SQL} */
  public int code() {
    return code;
  }
}
