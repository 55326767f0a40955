package dev.stackful.internal.fiber;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A queue, first in, first out: a ring in an array, whose length is a power of two. {@link
 * #bringForward} has any of the first ones come before the others instead, and {@link #addFirst}
 * and {@link #addSecond} make a stack of it.
 */
final class ReadyQueue<T> {
  @SuppressWarnings("unchecked") // nobody else sees the array
  private @Nullable T[] ring = (T[]) new Object[64];

  /** The place of the first one: of this and the next the low bits, as both may go around. */
  private int head;

  /** The place behind the last one. */
  private int tail;

  int size() {
    return tail - head;
  }

  boolean isEmpty() {
    return tail == head;
  }

  /** Makes room for so many in all, or throws. Until there are more, to add one can't fail. */
  void reserve(int count) {
    while (ring.length < count) {
      grow();
    }
  }

  /** Adds one. If there is no memory for it, nothing has changed. */
  void add(T element) {
    if (tail - head == ring.length) {
      grow();
    }
    ring[tail & (ring.length - 1)] = element;
    tail++;
  }

  /** Adds one before all others. If there is no memory for it, nothing has changed. */
  void addFirst(T element) {
    if (tail - head == ring.length) {
      grow();
    }
    head--;
    ring[head & (ring.length - 1)] = element;
  }

  /**
   * Adds one behind the first, which there is. If there is no memory for it, nothing has changed.
   */
  void addSecond(T element) {
    T first = get(0);
    addFirst(first);
    ring[(head + 1) & (ring.length - 1)] = element;
  }

  private void grow() {
    int held = size();
    int length = ring.length;
    @Nullable T[] larger = Arrays.copyOf(ring, 2 * length);
    int first = head & (length - 1);
    System.arraycopy(ring, first, larger, 0, length - first);
    System.arraycopy(ring, 0, larger, length - first, first);
    ring = larger;
    head = 0;
    tail = held;
  }

  /** The first one, which stays; null if there is none. */
  @Nullable T first() {
    return tail == head ? null : ring[head & (ring.length - 1)];
  }

  /** The one which so many are before. There is one. */
  T get(int before) {
    return ring[(head + before) & (ring.length - 1)];
  }

  /** Removes the first one. There is one. */
  void removeFirst() {
    ring[head & (ring.length - 1)] = null;
    head++;
  }

  /** Exchanges the first one for that which so many are before. */
  void bringForward(int before) {
    int mask = ring.length - 1;
    int chosen = (head + before) & mask;
    T element = ring[chosen];
    ring[chosen] = ring[head & mask];
    ring[head & mask] = element;
  }
}
