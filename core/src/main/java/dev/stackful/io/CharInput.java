package dev.stackful.io;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A reader of characters that the other side hands over in arrays. */
abstract class CharInput extends Reader {
  private char[] array = Chars.NONE;
  private int position;
  private int limit;
  private boolean closed;

  /** Throws, if the calling thread may not read. */
  abstract void check() throws IOException;

  /** Gets more from the other side, at least a character, or null at the end. */
  abstract @Nullable Chars more() throws IOException;

  /** Whether {@link #more} will not have to wait. */
  boolean hasMore() {
    return false;
  }

  /** Whether there is a character: gets more from the other side, if need be. */
  private boolean fill() throws IOException {
    check();
    if (position < limit) {
      return true;
    }
    if (closed) {
      throw new IOException("Stream closed");
    }
    drop(); // what has been lent is given back
    Chars next = more();
    if (next == null) {
      return false;
    }
    array = next.array;
    position = next.from;
    limit = next.to;
    return true;
  }

  private void drop() {
    array = Chars.NONE;
    position = 0;
    limit = 0;
  }

  @Override
  public int read() throws IOException {
    return fill() ? array[position++] : -1;
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    Objects.requireNonNull(target, "target");
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      ready(); // refuses what a longer read would
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
  public boolean ready() throws IOException {
    check();
    if (closed) {
      throw new IOException("Stream closed");
    }
    return position < limit || (hasMore() && fill());
  }

  @Override
  public long skip(long count) throws IOException {
    if (count < 0) {
      throw new IllegalArgumentException("cannot skip a negative number of characters: " + count);
    }
    long left = count;
    while (left > 0 && fill()) {
      int skipped = (int) Math.min(left, limit - position);
      position += skipped;
      left -= skipped;
    }
    return count - left;
  }

  @Override
  public long transferTo(Writer out) throws IOException {
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

  /** Reads are refused from now on. */
  @Override
  public void close() throws IOException {
    closed = true;
    drop();
  }
}
