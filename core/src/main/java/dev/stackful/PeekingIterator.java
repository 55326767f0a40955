package dev.stackful;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Holds the element that was peeked at until it is taken. */
final class PeekingIterator<T extends @Nullable Object> implements PeekableIterator<T> {
  private final Iterator<T> iterator;
  private boolean peeked;
  private @Nullable T element;

  PeekingIterator(Iterator<T> iterator) {
    this.iterator = iterator;
  }

  @Override
  public boolean hasNext() {
    return peeked || iterator.hasNext();
  }

  @Override
  public T peek() {
    if (!peeked) {
      element = iterator.next();
      peeked = true;
    }
    return element;
  }

  @Override
  public T next() {
    if (!peeked) {
      return iterator.next();
    }
    T taken = peek();
    element = null;
    peeked = false;
    return taken;
  }

  /** The last element that was taken, as long as no further one has been peeked at. */
  @Override
  public void remove() {
    if (peeked) {
      throw new IllegalStateException("the next element has been peeked at since the last next()");
    }
    iterator.remove();
  }
}
