package dev.stackful.io;

/** {@link Bytes} for characters. */
final class Chars {
  static final char[] NONE = {};

  final char[] array;
  final int from;
  final int to;

  Chars(char[] array, int from, int to) {
    this.array = array;
    this.from = from;
    this.to = to;
  }
}
