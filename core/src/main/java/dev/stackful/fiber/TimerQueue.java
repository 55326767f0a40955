package dev.stackful.fiber;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
    siftUp(timer, size++);
  }

  /** Takes the earliest one if its time has come. */
  @Nullable Timer pollDue(long nowNanos) {
    if (size == 0 || heap[0].deadlineNanos > nowNanos) {
      return null;
    }
    Timer due = heap[0];
    remove(due);
    return due;
  }

  /** Does nothing if the timer isn't set. */
  void remove(Timer timer) {
    int place = timer.place;
    if (place < 0) {
      return;
    }
    timer.place = Timer.NOT_SET;
    Timer last = heap[--size];
    heap[size] = null;
    if (last != timer) {
      siftDown(last, place);
      if (heap[place] == last) {
        siftUp(last, place);
      }
    }
  }

  private void siftUp(Timer timer, int from) {
    int place = from;
    while (place > 0) {
      int parent = (place - 1) >>> 1;
      if (!timer.isBefore(heap[parent])) {
        break;
      }
      put(heap[parent], place);
      place = parent;
    }
    put(timer, place);
  }

  private void siftDown(Timer timer, int from) {
    int place = from;
    while (true) {
      int child = 2 * place + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
        child++;
      }
      if (!heap[child].isBefore(timer)) {
        break;
      }
      put(heap[child], place);
      place = child;
    }
    put(timer, place);
  }

  private void put(Timer timer, int place) {
    heap[place] = timer;
    timer.place = place;
  }
}
