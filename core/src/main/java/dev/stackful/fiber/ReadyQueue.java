package dev.stackful.fiber;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fibers that are ready to go on, first in, first out: a ring in an array, whose length is a
 * power of two. With a seed, {@link #pollRandom} takes any of the first ones instead.
 */
final class ReadyQueue {
  private @Nullable Fiber<?>[] ring = new Fiber<?>[64];

  /** The place of the first one. It and the next only grow; their low bits are the place. */
  private int head;

  /** The place behind the last one. */
  private int tail;

  int size() {
    return tail - head;
  }

  boolean isEmpty() {
    return tail == head;
  }

  void add(Fiber<?> fiber) {
    if (tail - head == ring.length) {
      grow(); // first, as it may fail
    }
    ring[tail++ & (ring.length - 1)] = fiber;
  }

  private void grow() {
    int length = ring.length;
    @Nullable Fiber<?>[] larger = Arrays.copyOf(ring, 2 * length);
    int first = head & (length - 1);
    System.arraycopy(ring, first, larger, 0, length - first);
    System.arraycopy(ring, 0, larger, length - first, first);
    ring = larger;
    head = 0;
    tail = length;
  }

  @Nullable Fiber<?> poll() {
    if (tail == head) {
      return null;
    }
    @Nullable Fiber<?>[] ring = this.ring;
    int place = head++ & (ring.length - 1);
    Fiber<?> first = ring[place];
    ring[place] = null;
    return first;
  }

  /**
   * Takes one of the first ones by chance.
   *
   * @param among how many may be taken, at most; at least 1
   */
  @Nullable Fiber<?> pollRandom(SplitMix64 random, long among) {
    int size = size();
    if (size > 1) {
      int mask = ring.length - 1;
      int chosen = (head + random.nextInt((int) Math.min(among, size))) & mask;
      Fiber<?> fiber = ring[chosen];
      ring[chosen] = ring[head & mask];
      ring[head & mask] = fiber;
    }
    return poll();
  }
}
