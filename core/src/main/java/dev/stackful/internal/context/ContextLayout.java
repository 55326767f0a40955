package dev.stackful.internal.context;

/**
 * Where the fields of a context lie. A context is the little native structure that stands for one
 * thread to the machine code; each stack has two, a cache line each: its own, and the one in which
 * a thread that isn't a coroutine is kept while it waits for this stack.
 *
 * <pre>
 *    own context                               root context (of the resumer)
 *   0  sp             saved stack pointer      0  sp
 *   8  threadPointer  FS base / TPIDR_EL0      8  threadPointer
 *  16  runnerTid      who runs it now         16  runnerTid
 *  20  ownTid         its own kernel thread
 *  24  parkingTop     top of the parking stack
 *  32  done           1: go on by yourself
 *  36  parked         1: off the stack; futex
 *  40  waitSet        signals to forward
 *  48  blockSet       signals to block
 *  56  oldMask        the mask before that
 *  64  (end)
 * </pre>
 */
final class ContextLayout {
  static final int SP = 0;
  static final int THREAD_POINTER = 8;
  static final int RUNNER_TID = 16;
  static final int OWN_TID = 20;
  static final int PARKING_TOP = 24;
  static final int DONE = 32;
  static final int PARKED = 36;
  static final int WAIT_SET = 40;
  static final int BLOCK_SET = 48;
  static final int OLD_MASK = 56;

  static final int SIZE_BYTES = 64;

  /** What of it a root context uses. */
  static final int ROOT_BYTES = 24;

  private ContextLayout() {}
}
