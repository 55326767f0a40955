package dev.stackful.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/**
 * A stream, or channel, of bytes that hands them over in arrays: its buffer, when it is full or
 * flushed, and what is as large as that, as it is.
 */
abstract class ByteOutput extends OutputStream implements WritableByteChannel {
  private final int capacity;

  /** Of no length until it is needed. */
  private byte[] buffer = Bytes.NONE;

  private int count;
  private boolean closed;

  ByteOutput(int capacity) {
    this.capacity = capacity;
  }

  /** Throws, if the calling thread may not write, or nobody will read. */
  abstract void check() throws IOException;

  /** Hands over bytes, at least one; when it returns, they have been taken. */
  abstract void handOver(Bytes bytes) throws IOException;

  private void checkOpen() throws IOException {
    check();
    if (closed) {
      throw new IOException("Stream closed");
    }
  }

  @Override
  public void write(int b) throws IOException {
    checkOpen();
    if (count == buffer.length) {
      makeRoom();
    }
    buffer[count++] = (byte) b;
  }

  private void makeRoom() throws IOException {
    handOverBuffer();
    if (buffer.length == 0) {
      buffer = new byte[capacity];
    }
  }

  /** Where it fails, what is in the buffer stays there. */
  final void handOverBuffer() throws IOException {
    if (count > 0) {
      handOver(new Bytes(buffer, 0, count));
      count = 0;
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.requireNonNull(source, "source");
    Objects.checkFromIndexSize(offset, length, source.length);
    checkOpen();
    if (length > capacity - count || length >= capacity) {
      handOverBuffer();
      if (length >= capacity) {
        handOver(new Bytes(source, offset, offset + length));
        return;
      }
    }
    if (length > 0) {
      if (buffer.length == 0) {
        buffer = new byte[capacity];
      }
      System.arraycopy(source, offset, buffer, count, length);
      count += length;
    }
  }

  /** Takes all that {@code source} has. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    check();
    if (closed) {
      throw new ClosedChannelException();
    }
    int length = source.remaining();
    if (source.hasArray()) {
      write(source.array(), source.arrayOffset() + source.position(), length);
      source.position(source.limit());
      return length;
    }
    while (source.hasRemaining()) {
      if (count == buffer.length) {
        makeRoom();
      }
      int part = Math.min(source.remaining(), capacity - count);
      source.get(buffer, count, part);
      count += part;
    }
    return length;
  }

  @Override
  public void flush() throws IOException {
    check();
    if (!closed) {
      handOverBuffer();
    }
  }

  /** Whether these are the buffer's. */
  final boolean isBuffer(Bytes bytes) {
    return bytes.array == buffer;
  }

  /** What is in the buffer, which is the buffer no more. */
  final Bytes takeBuffer() {
    Bytes rest = new Bytes(buffer, 0, count);
    buffer = Bytes.NONE;
    count = 0;
    return rest;
  }

  final boolean isClosed() {
    return closed;
  }

  final void markClosed() {
    closed = true;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }
}
