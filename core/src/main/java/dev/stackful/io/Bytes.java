package dev.stackful.io;

/**
 * Bytes on their way from one side to the other: those of {@code array} from {@code from} to before
 * {@code to}. They are lent until the side that takes them asks for the next.
 */
final class Bytes {
  static final byte[] NONE = {};

  final byte[] array;
  final int from;
  final int to;

  Bytes(byte[] array, int from, int to) {
    this.array = array;
    this.from = from;
    this.to = to;
  }
}
