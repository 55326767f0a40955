package dev.stackful.internal.foreign;

/**
 * Where the fields of a foreign context lie. It is what the machine code knows of one foreign
 * coroutine, and stands at the very top of its stack, so that a coroutine which has hardly begun
 * needs one page of memory in all.
 *
 * <pre>
 *   0  sp           the coroutine's saved stack pointer, while it is suspended
 *   8  resumerSp    its resumer's, while it runs
 *  16  event        why it stopped: the slot of the thunk that C code called, 0 when the function
 *                   has returned; {@link #NOTHING_YET} until it stops
 *  24  limit        the lowest address of its stack
 *  32  answer       what the call returns in which it waits; at the end, what the function returned
 *  40  fpAnswer     the same where that is a float or a double
 *  48  fpControl    the resumer's MXCSR and x87 control word, on x86-64
 *  56  fpKnown      whether these are known; 0 has the next resume read them
 *  64  arguments    the integer argument registers: 6 on x86-64, 8 on AArch64
 * 128  fpArguments  xmm0 to xmm7, or d0 to d7: the low 8 bytes of each
 * 192  (end)
 * </pre>
 *
 * <p>Below it lies the {@link FirstFrame}.
 */
public final class ForeignContextLayout {
  static final int SP = 0;
  static final int RESUMER_SP = 8;

  /** Offset of the event. */
  public static final int EVENT = 16;

  static final int LIMIT = 24;

  /** Offset of the integer answer or result. */
  public static final int ANSWER = 32;

  /** Offset of the floating-point answer or result. */
  public static final int FP_ANSWER = 40;

  /** Laid out as the first bytes of a saved frame. */
  static final int FP_CONTROL = 48;

  /** Offset of whether the resumer's floating-point control is known, 8 bytes. */
  public static final int FP_KNOWN = 56;

  /** Offset of the integer arguments, 8 bytes each. */
  public static final int ARGUMENTS = 64;

  /** Offset of the floating-point arguments, 8 bytes each. */
  public static final int FP_ARGUMENTS = 128;

  static final int SIZE_BYTES = 192;

  /** The event while the coroutine hasn't stopped since its last resume. */
  public static final long NOTHING_YET = -1;

  /** The event when the function has returned. */
  public static final long RETURNED = 0;

  /** xmm0 to xmm7 (System V ABI, AMD64 supplement, 3.2.3), v0 to v7 (AAPCS64, 6.8.2). */
  public static final int FP_ARGUMENT_REGISTERS = 8;

  private ForeignContextLayout() {}
}
