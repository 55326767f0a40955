package dev.stackful.internal.os;

/** Waiting for a word of memory to change (futex(2)). */
public final class Futex {
  private static final int FUTEX_WAIT_PRIVATE = 128;

  /** The operation by which the machine code wakes who waits here. */
  public static final int FUTEX_WAKE_PRIVATE = 129;

  private static final SystemCalls CALLS = SystemCalls.current();

  private Futex() {}

  /**
   * Sleeps while the word at {@code address} holds {@code value}. It may return early: the caller
   * looks again.
   */
  public static void await(long address, int value) {
    LibC.syscall(CALLS.futex(), address, FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
  }

  /** Wakes everybody who waits at {@code address}. */
  public static void wakeAll(long address) {
    LibC.syscall(CALLS.futex(), address, FUTEX_WAKE_PRIVATE, Integer.MAX_VALUE, 0, 0, 0);
  }
}
