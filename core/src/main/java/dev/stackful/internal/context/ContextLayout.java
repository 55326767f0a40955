package dev.stackful.internal.context;

/**
 * Where the fields of a context lie. A context is the little native structure that stands for one
 * thread to the machine code; each stack has two, a cache line each: its own, and the one in which
 * a thread that isn't a coroutine is kept while it waits for this stack.
 *
 * <pre>
 *    own context                               root context (of the resumer)
 *   0  sp             saved stack pointer     64  sp
 *   8  threadPointer  FS base / TPIDR_EL0     72  threadPointer
 *  16  runnerTid      its runner's id         80  runnerTid
 *  20  ownTid         its own kernel thread
 *  24  index          what a switch returns   88  (0)
 *  32  done           1: go on by yourself
 *  36  parked         1: off the stack; futex
 *  40  parkingTop     top of parking stack
 *  48  blockSet       signals to block
 *  56  oldMask        the mask before that   112  waitSet, of the own context too
 *  64  (end)                                 120  signalled, of the own context too
 *                                            128  (end)
 * </pre>
 */
final class ContextLayout {
  static final int SP = 0;
  static final int THREAD_POINTER = 8;
  static final int RUNNER_TID = 16;
  static final int OWN_TID = 20;
  static final int INDEX = 24;
  static final int DONE = 32;
  static final int PARKED = 36;
  static final int PARKING_TOP = 40;
  static final int BLOCK_SET = 48;
  static final int OLD_MASK = 56;
  static final int WAIT_SET = 112;

  /** 1 once the signal that goes with {@link #DONE} has been sent. */
  static final int SIGNALLED = 120;

  static final int SIZE_BYTES = 64;

  /** What of it a root context uses. */
  static final int ROOT_BYTES = 24;

  private ContextLayout() {}
}
