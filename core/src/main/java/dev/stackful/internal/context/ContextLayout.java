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
 *  40  parkingTop     top of parking stack   of the own context too:
 *  48  follower       who was next, last time 96  blockSet       signals to block
 *  56  javaThread     HotSpot's JavaThread  104  oldMask        the mask before that
 *  64  (end)                                112  waitSet
 *                                           120  signalled
 *                                           128  (end)
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

  /**
   * The context that was switched to next, after this one, by the same kernel thread. Always that
   * of some context, though it may stand for another stack by now.
   */
  static final int FOLLOWER = 48;

  static final int JAVA_THREAD = 56;
  static final int BLOCK_SET = 96;
  static final int OLD_MASK = 104;
  static final int WAIT_SET = 112;

  /** 1 once the signal that goes with {@link #DONE} has been sent. */
  static final int SIGNALLED = 120;

  static final int SIZE_BYTES = 64;

  /** What of it a root context uses. */
  static final int ROOT_BYTES = 24;

  private ContextLayout() {}
}
