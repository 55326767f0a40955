package dev.stackful.io;

/** {@link Bytes} for characters. */
record Chars(char[] array, int from, int to) {
  static final char[] NONE = {};
}
