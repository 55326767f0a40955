package dev.stackful.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Waiting for a word of memory to change (futex(2)). */
public final class Futex {
  private static final int FUTEX_WAIT_PRIVATE = 128;

  /** The operation by which the machine code wakes the threads that wait. */
  public static final int FUTEX_WAKE_PRIVATE = 129;

  private Futex() {}

  /** A struct timespec: seconds, nanoseconds. */
  private static final MemorySegment A_WHILE =
      Arena.global().allocateFrom(ValueLayout.JAVA_LONG, 0, 50_000_000);

  /**
   * Sleeps while the word at {@code address} holds {@code value}, for 50 ms at most. It may return
   * early: the caller looks again.
   */
  public static void await(long address, int value) {
    LibC.syscall(SystemCall.FUTEX, address, FUTEX_WAIT_PRIVATE, value, A_WHILE.address(), 0, 0);
  }

  /** Wakes every thread that waits at {@code address}. */
  public static void wakeAll(long address) {
    LibC.syscall(SystemCall.FUTEX, address, FUTEX_WAKE_PRIVATE, Integer.MAX_VALUE, 0, 0, 0);
  }
}
