package dev.stackful.io;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The bytes of lists of buffers, one array after the other. Empty buffers are left out. */
final class BytesOfBuffers implements Iterator<Bytes> {
  private final Iterator<List<ByteBuffer>> lists;
  private Iterator<ByteBuffer> buffers = List.<ByteBuffer>of().iterator();
  private ByteBuffer buffer = ByteBuffer.allocate(0);

  BytesOfBuffers(Iterator<List<ByteBuffer>> lists) {
    this.lists = lists;
  }

  @Override
  public boolean hasNext() {
    while (!buffer.hasRemaining()) {
      if (buffers.hasNext()) {
        buffer = buffers.next();
      } else if (lists.hasNext()) {
        buffers = lists.next().iterator();
      } else {
        return false;
      }
    }
    return true;
  }

  @Override
  public Bytes next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int length = buffer.remaining();
    byte[] array;
    int from;
    if (buffer.hasArray()) {
      array = buffer.array();
      from = buffer.arrayOffset() + buffer.position();
      buffer.position(buffer.limit());
    } else {
      array = new byte[length];
      from = 0;
      buffer.get(array);
    }
    return new Bytes(array, from, from + length);
  }
}
