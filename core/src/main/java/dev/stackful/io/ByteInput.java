package dev.stackful.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream, or channel, of bytes that the other side hands over in arrays. */
abstract class ByteInput extends InputStream implements ReadableByteChannel {
  private byte[] array = Bytes.NONE;
  private int position;
  private int limit;
  private boolean closed;

  /** Throws, if the calling thread may not read. */
  abstract void check() throws IOException;

  /** Gets more from the other side, at least a byte, or null at the end. */
  abstract @Nullable Bytes more() throws IOException;

  /** Whether {@link #more} will not have to wait. */
  boolean hasMore() {
    return false;
  }

  /** Whether there is a byte: gets more from the other side, if need be. */
  private boolean fill() throws IOException {
    check();
    if (position < limit) {
      return true;
    }
    if (closed) {
      throw new IOException("Stream closed");
    }
    drop(); // what has been lent is given back
    Bytes next = more();
    if (next == null) {
      return false;
    }
    array = next.array;
    position = next.from;
    limit = next.to;
    return true;
  }

  private void drop() {
    array = Bytes.NONE;
    position = 0;
    limit = 0;
  }

  @Override
  public int read() throws IOException {
    return fill() ? array[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.requireNonNull(target, "target");
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      available(); // refuses what a longer read would
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(array, position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    Objects.requireNonNull(target, "target");
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(target.remaining(), limit - position);
    target.put(array, position, count);
    position += count;
    return count;
  }

  @Override
  public int available() throws IOException {
    check();
    if (closed) {
      throw new IOException("Stream closed");
    }
    if (position == limit && hasMore()) {
      fill();
    }
    return limit - position;
  }

  @Override
  public long skip(long count) throws IOException {
    long left = count;
    while (left > 0 && fill()) {
      int skipped = (int) Math.min(left, limit - position);
      position += skipped;
      left -= skipped;
    }
    return count <= 0 ? 0 : count - left;
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    Objects.requireNonNull(out, "out");
    long transferred = 0;
    while (fill()) {
      int from = position;
      int count = limit - from;
      position = limit;
      out.write(array, from, count);
      transferred += count;
    }
    return transferred;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  /** Reads are refused from now on. */
  @Override
  public void close() throws IOException {
    closed = true;
    drop();
  }
}
