package dev.stackful.io;

/**
 * Bytes on their way from one side to the other: those of {@code array} from {@code from} to before
 * {@code to}. They are lent until the side that takes them asks for the next.
 */
record Bytes(byte[] array, int from, int to) {
  static final byte[] NONE = {};
}
