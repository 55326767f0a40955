package dev.stackful.internal.foreign;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.stackful.internal.frame.Aarch64SavedFrame;
import dev.stackful.internal.frame.Amd64SavedFrame;
import dev.stackful.internal.os.Isa;
import java.lang.foreign.MemorySegment;

/**
 * The frame that makes a fresh stack look as if it had been suspended: the first resume takes it up
 * like any other, and "returns" into the trampoline.
 *
 * <pre>
 *                       x86-64                                     AArch64
 *      +-------------------------------------+    +-------------------------------------+
 *      |  foreign context, 192 bytes          |    |  foreign context, 192 bytes          |
 *      +-------------------------------------+    +-------------------------------------+
 *  +72 |  0, padding                         |    |  0, "return address" of the base    | +184
 *  +64 |  0, "return address" of the base    |    |  0, "frame pointer" of the base     | +176
 *      +-------------------------------------+    +-------------------------------------+
 *  +56 |  trampoline                         |    |  FPCR = 0, padding                  | +160
 *  +48 |  rbp = 0: the last frame            |    |  d8 to d15 = 0                      |  +96
 *  +40 |  rbx = the function                 |    |  x21 to x28 = 0                     |  +32
 *  +32 |  r12 = the foreign context           |    |  x20 = the function                 |  +24
 *   +8 |  r13, r14, r15 = 0                  |    |  x19 = the foreign context           |  +16
 *   +4 |  x87 control word = 0x037f          |    |  x30 = trampoline                   |   +8
 *   +0 |  MXCSR = 0x1f80                     |    |  x29 = 0: the last frame            |   +0
 *      +-------------------------------------+    +-------------------------------------+
 * </pre>
 *
 * <p>Argument registers are not among what a switch restores, so that function and context ride in
 * callee-saved ones; the arguments themselves wait in the context. Frame pointer and return address
 * are zero at the base, by which unwinders know that there is no more (System V ABI, AMD64
 * supplement, 3.4.1; AAPCS64, 6.4.6). Floating-point control is what a new process has (3.4.1),
 * whatever the resumer's is. Both frames and the context are multiples of 16 bytes, so that the
 * stack is aligned where the trampoline calls the function.
 */
final class FirstFrame {
  private static final int BASE_BYTES = 16;
  private static final int INITIAL_MXCSR = 0x1f80;
  private static final short INITIAL_X87_CONTROL_WORD = 0x037f;

  private FirstFrame() {}

  /**
   * Lays it, below the foreign context.
   *
   * @param top the stack's memory up to its highest address
   * @param context the foreign context's address, which lies in it
   * @param function what the trampoline calls
   * @return the stack pointer of the suspended stack
   */
  static long lay(Isa isa, MemorySegment top, long context, long function) {
    int frameBytes =
        switch (isa) {
          case AMD64 -> Amd64SavedFrame.BYTES;
          case AARCH64 -> Aarch64SavedFrame.BYTES;
        };
    long sp = context - BASE_BYTES - frameBytes;
    MemorySegment frame = top.asSlice(sp - top.address(), frameBytes + BASE_BYTES).fill((byte) 0);
    switch (isa) {
      case AMD64 -> {
        frame.set(JAVA_INT, Amd64SavedFrame.MXCSR, INITIAL_MXCSR);
        frame.set(JAVA_SHORT, Amd64SavedFrame.X87, INITIAL_X87_CONTROL_WORD);
        frame.set(JAVA_LONG, Amd64SavedFrame.R12_AT, context);
        frame.set(JAVA_LONG, Amd64SavedFrame.RBX_AT, function);
        frame.set(JAVA_LONG, Amd64SavedFrame.RETURN_ADDRESS, ForeignSwitch.TRAMPOLINE);
      }
      case AARCH64 -> {
        frame.set(JAVA_LONG, Aarch64SavedFrame.X19_AT, context);
        frame.set(JAVA_LONG, Aarch64SavedFrame.X20_AT, function);
        frame.set(JAVA_LONG, Aarch64SavedFrame.X30_AT, ForeignSwitch.TRAMPOLINE);
      }
    }
    return sp;
  }
}
