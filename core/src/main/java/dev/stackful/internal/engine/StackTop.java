package dev.stackful.internal.engine;

import dev.stackful.internal.os.OperatingSystem;
import dev.stackful.internal.os.VirtualMemory;

/**
 * What a stack needs while no task is on it: its uppermost pages. Those below are given back to the
 * system, which gives others when they are touched.
 *
 * <p>Few bodies need them. Where HotSpot interprets a method deeper on a stack than any before, it
 * writes to each of the 20 pages below (templateInterpreterGenerator_x86.cpp, {@code
 * bang_stack_shadow_pages}), so that an overflow comes at once if it is to come. So each stack of a
 * program that has just started takes 90 KiB, and 25 KiB where the code is compiled. What was
 * touched once would stay for as long as the stack is used.
 *
 * <p>A system call for each task would cost more than the task's switches. One comes before the
 * first task, and after the 1st, 2nd, 4th, 8th and so on.
 */
final class StackTop {
  private static final OperatingSystem SYSTEM = OperatingSystem.require();
  private static final long PAGE_BYTES = SYSTEM.pageSizeBytes();

  /** For the calls that give pages back: they run on this very stack. */
  private static final long KEPT_BYTES = 16 * 1024;

  private final long bytes;
  private long from;
  private int tasks;

  /**
   * For a stack of a size that was asked for. The lower half is left alone: above the thread's loop
   * lies what the C library has taken for itself, and nobody tells how much.
   */
  StackTop(long stackSizeBytes) {
    this.bytes = Math.max(0, (stackSizeBytes / 2 - KEPT_BYTES) / PAGE_BYTES * PAGE_BYTES);
  }

  /**
   * Called when the stack's thread has left it for the first time.
   *
   * @param stackPointer where the thread's loop stands
   */
  void parked(long stackPointer) {
    from = (stackPointer - KEPT_BYTES) / PAGE_BYTES * PAGE_BYTES - bytes;
    discardBelow();
  }

  /** Called on the stack's own thread, in its loop, when a task has ended. */
  void taskEnded() {
    if (Integer.bitCount(++tasks) == 1) {
      discardBelow();
    }
  }

  private void discardBelow() {
    try {
      if (bytes > 0) {
        SYSTEM.discard(VirtualMemory.ALL.asSlice(from, bytes));
      }
    } catch (Throwable t) {
      // they stay: a program may have locked its memory
    }
  }
}
