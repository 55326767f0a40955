package dev.stackful.io;

/** The sizes of buffers. */
final class Buffers {
  /** In bytes or in characters, as for the buffered streams of java.io. */
  static final int DEFAULT_SIZE = 8192;

  private Buffers() {}

  static int checkSize(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a buffer's size must be at least 1: " + size);
    }
    return size;
  }
}
