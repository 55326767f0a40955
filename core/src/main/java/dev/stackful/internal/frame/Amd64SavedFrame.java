package dev.stackful.internal.frame;

import static dev.stackful.internal.asm.Amd64Assembler.Mem.at;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R12;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R13;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R14;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R15;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RBP;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RBX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RCX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RDX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RSP;

import dev.stackful.internal.asm.Amd64Assembler;
import dev.stackful.internal.asm.Amd64Assembler.Mem;
import dev.stackful.internal.asm.Amd64Assembler.Reg;
import dev.stackful.internal.asm.Label;

/**
 * What a suspended stack holds at its lower end on x86-64, and the instructions that put it there
 * and take it back: all switches leave the same frame.
 *
 * <pre>
 *      |  frames of the callers              |
 *      +-------------------------------------+
 *  +56 |  return address                     |
 *  +48 |  rbp                                |
 *  +40 |  rbx                                |
 *  +32 |  r12                                |
 *  +24 |  r13                                |
 *  +16 |  r14                                |
 *   +8 |  r15                                |
 *   +4 |  x87 control word, 2 bytes, and pad |
 *   +0 |  MXCSR, 4 bytes                     |  &lt;- rsp
 *      +-------------------------------------+
 *      |  dead: a signal's frame may land    |
 * </pre>
 *
 * <p>These are all that a callee must preserve (System V ABI, AMD64 supplement, 3.2.1 and 3.2.3:
 * rbx, rbp, r12 to r15, and the control bits of MXCSR and the x87 control word). rbp is pushed and
 * popped but never used for anything else, so that a profiler whose signal arrives between any two
 * instructions finds a readable chain of frames. The 128 bytes below rsp, the red zone, belong to
 * leaf functions and are dead across the call that led here.
 */
public final class Amd64SavedFrame {
  public static final int MXCSR = 0;
  public static final int X87 = 4;
  public static final int R12_AT = 32;
  public static final int RBX_AT = 40;
  public static final int RETURN_ADDRESS = 56;
  public static final int BYTES = 64;

  /** Bits 6 to 15 of MXCSR: masks, rounding, flush-to-zero. The six bits below are status. */
  private static final int MXCSR_CONTROL = 0xffc0;

  private static final int FP_BYTES = 8;
  private static final int PUSH_AND_RET_BYTES = 2;

  private final Amd64Assembler a;

  public Amd64SavedFrame(Amd64Assembler a) {
    this.a = a;
  }

  /** Lays the frame below a return address. */
  public void push() {
    a.push(RBP, "callee-saved; stays a valid frame pointer throughout");
    a.push(RBX);
    a.push(R12);
    a.push(R13);
    a.push(R14);
    a.push(R15, "HotSpot's current JavaThread");
    a.sub(RSP, FP_BYTES, "floating-point control belongs to the thread");
  }

  /**
   * Stores MXCSR and the x87 control word, which the stack that we come from has left in the
   * processor. The switch of Java stacks does it after {@code wrfsbase}, although its own stack is
   * left by then: {@code wrfsbase} waits for all before it, so that it would wait for a store of
   * MXCSR and the load that compares it. Before it they were a tenth of a round trip (AMD Zen 5),
   * after it next to nothing. The claim on the stack that was left is given away by Java code that
   * runs later on this kernel thread.
   */
  public void storeFpControl(Reg frame, String... why) {
    a.stmxcsr(at(frame, MXCSR), why);
    a.fnstcw(at(frame, X87));
  }

  /**
   * Loads MXCSR and the x87 control word only where they differ from those of the stack that was
   * left: loading stalls the pipeline, and they hardly ever differ. The other stack's are in the
   * frame at rdx. Overwrites rdx and rcx.
   *
   * @param where makes the labels' names unique in the listing
   */
  public void restoreFpControlWhereItDiffers(String where) {
    restoreFpControlWhereItDiffers(at(RDX, MXCSR), at(RDX, X87), RSP, 0, where);
  }

  /**
   * The same where neither need be in a frame. Overwrites rdx and rcx.
   *
   * @param ourMxcsr of the stack that was left; not relative to rcx
   * @param ourX87 likewise
   * @param theirs where the other stack's are, MXCSR first, as in a frame
   * @param theirsAt from there
   */
  public void restoreFpControlWhereItDiffers(
      Mem ourMxcsr, Mem ourX87, Reg theirs, int theirsAt, String where) {
    Label mxcsr = a.label("mxcsrSame" + where);
    Label x87 = a.label("x87Same" + where);
    a.mov32(RCX, ourMxcsr, "our MXCSR");
    a.xor32(RCX, at(theirs, theirsAt + MXCSR), "its MXCSR against ours");
    a.test32(RCX, MXCSR_CONTROL, "but for the status flags");
    a.je(mxcsr);
    a.ldmxcsr(at(theirs, theirsAt + MXCSR), "only where it differs: it serialises");
    a.bind(mxcsr);
    a.movzx16(RCX, at(theirs, theirsAt + X87));
    a.movzx16(RDX, ourX87, "ours");
    a.cmp32(RDX, RCX, "its x87 control word against ours");
    a.je(x87);
    a.fldcw(at(theirs, theirsAt + X87));
    a.bind(x87);
  }

  /**
   * Restores the registers from the frame, and returns from the call that laid it: by {@code ret},
   * so that the processor's stack of returns loses an entry where a call has added one.
   */
  public void popAndReturn() {
    pop();
    a.ret("not pop and jmp: the processor's stack of returns stays in step with the calls");
  }

  /**
   * The same by a jump: the processor's stack of returns keeps the entry of the call that led here.
   */
  public void popAndJump() {
    pop();
    a.pop(RCX, "not ret, which predicts that we return where we came from");
    a.jmp(RCX);
  }

  /**
   * The same where the processor's stack of returns has one entry above that of the call that laid
   * the frame, as one side has jumped. A first return is predicted wrongly and takes that entry
   * away; the second one, and those of whoever has called, are predicted rightly. A jump would
   * leave both entries, and each return of the callers would be predicted wrongly.
   */
  public void popAndReturnTwice() {
    pop();
    a.leaRip(RCX, PUSH_AND_RET_BYTES, "the second ret");
    a.push(RCX);
    a.ret("the processor expects to return where we came from, and forgets it");
    a.ret("it expects this one, and those of our callers");
  }

  private void pop() {
    a.add(RSP, FP_BYTES);
    a.pop(R15);
    a.pop(R14);
    a.pop(R13);
    a.pop(R12);
    a.pop(RBX);
    a.pop(RBP);
  }
}
