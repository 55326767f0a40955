package dev.stackful.internal.fiber;

import java.util.Arrays;

/**
 * Timers in the order of their deadlines; equal ones in the order in which they were set. A binary
 * heap in an array. Each timer knows its place in it, so that one that is cancelled leaves at once
 * and nothing of it remains.
 */
final class TimerQueue {
  private Timer[] heap = new Timer[16];
  private int size;
  private long sequence;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The earliest deadline; the largest long if there is none. */
  long earliestNanos() {
    return size == 0 ? Long.MAX_VALUE : heap[0].deadlineNanos;
  }

  void add(Timer timer, long deadlineNanos) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    timer.deadlineNanos = deadlineNanos;
    timer.sequence = sequence++;
    sift(timer, size, size);
    size++;
  }

  /** Fires all whose time has come. One that throws is still set, and those behind it are. */
  void fireDue(long nowNanos) {
    while (size > 0 && heap[0].deadlineNanos <= nowNanos) {
      Timer due = heap[0];
      due.fire();
      remove(due);
    }
  }

  /** Does nothing if the timer isn't set. */
  void remove(Timer timer) {
    int place = timer.place;
    if (place < 0) {
      return;
    }
    int end = size - 1;
    Timer last = heap[end];
    if (last != timer) {
      sift(last, place, end);
    }
    heap[end] = null;
    size = end;
    timer.place = Timer.NOT_SET;
  }

  /**
   * Puts a timer where it belongs: at a place, or above or below it. It calls nothing, so that a
   * stack that overflows does so before the heap has changed and not in between.
   *
   * @param end where the heap ends
   */
  private void sift(Timer timer, int from, int end) {
    Timer[] heap = this.heap;
    long deadline = timer.deadlineNanos;
    long number = timer.sequence;
    int place = from;
    while (place > 0) {
      int above = (place - 1) >>> 1;
      Timer parent = heap[above];
      if (parent.deadlineNanos < deadline
          || (parent.deadlineNanos == deadline && parent.sequence < number)) {
        break;
      }
      heap[place] = parent;
      parent.place = place;
      place = above;
    }
    int below;
    while ((below = 2 * place + 1) < end) {
      Timer child = heap[below];
      if (below + 1 < end) {
        Timer other = heap[below + 1];
        if (other.deadlineNanos < child.deadlineNanos
            || (other.deadlineNanos == child.deadlineNanos && other.sequence < child.sequence)) {
          child = other;
          below++;
        }
      }
      if (deadline < child.deadlineNanos
          || (deadline == child.deadlineNanos && number < child.sequence)) {
        break;
      }
      heap[place] = child;
      child.place = place;
      place = below;
    }
    heap[place] = timer;
    timer.place = place;
  }
}
