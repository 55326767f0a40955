package dev.stackful.io;

import java.io.IOException;
import java.io.Writer;
import java.util.Objects;

/**
 * A writer of characters that hands them over in arrays: its buffer, when it is full or flushed,
 * and an array that is as large as that, as it is.
 */
abstract class CharOutput extends Writer {
  private final int capacity;

  /** Of no length until it is needed. */
  private char[] buffer = Chars.NONE;

  private int count;
  private boolean closed;

  CharOutput(int capacity) {
    this.capacity = capacity;
  }

  /** Throws, if the calling thread may not write, or nobody will read. */
  abstract void check() throws IOException;

  /** Hands over characters, at least one; when it returns, they have been taken. */
  abstract void handOver(Chars chars) throws IOException;

  private void checkOpen() throws IOException {
    check();
    if (closed) {
      throw new IOException("Stream closed");
    }
  }

  @Override
  public void write(int c) throws IOException {
    checkOpen();
    if (count == buffer.length) {
      makeRoom();
    }
    buffer[count++] = (char) c;
  }

  private void makeRoom() throws IOException {
    handOverBuffer();
    if (buffer.length == 0) {
      buffer = new char[capacity];
    }
  }

  /** Where it fails, what is in the buffer stays there. */
  final void handOverBuffer() throws IOException {
    if (count > 0) {
      handOver(new Chars(buffer, 0, count));
      count = 0;
    }
  }

  @Override
  public void write(char[] source, int offset, int length) throws IOException {
    Objects.requireNonNull(source, "source");
    Objects.checkFromIndexSize(offset, length, source.length);
    checkOpen();
    if (length > capacity - count || length >= capacity) {
      handOverBuffer();
      if (length >= capacity) {
        handOver(new Chars(source, offset, offset + length));
        return;
      }
    }
    if (length > 0) {
      if (buffer.length == 0) {
        buffer = new char[capacity];
      }
      System.arraycopy(source, offset, buffer, count, length);
      count += length;
    }
  }

  @Override
  public void write(String source, int offset, int length) throws IOException {
    Objects.requireNonNull(source, "source");
    Objects.checkFromIndexSize(offset, length, source.length());
    checkOpen();
    int end = offset + length;
    for (int next = offset; next < end; ) {
      if (count == buffer.length) {
        makeRoom();
      }
      int part = Math.min(end - next, capacity - count);
      source.getChars(next, next + part, buffer, count);
      count += part;
      next += part;
    }
  }

  @Override
  public void flush() throws IOException {
    check();
    if (!closed) {
      handOverBuffer();
    }
  }

  /** What is in the buffer, which is the buffer no more. */
  final Chars takeBuffer() {
    Chars rest = new Chars(buffer, 0, count);
    buffer = Chars.NONE;
    count = 0;
    return rest;
  }

  final boolean isOpen() {
    return !closed;
  }

  final void markClosed() {
    closed = true;
  }
}
