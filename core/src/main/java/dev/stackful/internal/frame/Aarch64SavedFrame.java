package dev.stackful.internal.frame;

import static dev.stackful.internal.asm.Aarch64Assembler.Reg.SP;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X11;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X12;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X19;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X20;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X21;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X22;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X23;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X24;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X25;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X26;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X27;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X28;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X29;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X30;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D10;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D11;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D12;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D13;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D14;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D15;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D8;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D9;

import dev.stackful.internal.asm.Aarch64Assembler;
import dev.stackful.internal.asm.Label;

/**
 * What a suspended stack holds at its lower end on AArch64, modelled on {@link Amd64SavedFrame}.
 *
 * <pre>
 *      |  frames of the callers              |
 *      +-------------------------------------+
 * +160 |  FPCR, and 8 bytes of padding       |
 *  +96 |  d8 to d15                          |
 *  +16 |  x19 to x28                         |
 *   +8 |  x30, the link register             |
 *   +0 |  x29, the frame pointer             |  &lt;- sp, 16-byte aligned; a frame record
 *      +-------------------------------------+
 * </pre>
 *
 * <p>A call leaves its return address in x30, the link register, not on the stack, so it is stored
 * like any other register. Callee-saved are x19 to x29, the low halves of v8 to v15 and FPCR
 * (Procedure Call Standard for the Arm 64-bit Architecture, 6.1.1 and 6.1.2).
 */
public final class Aarch64SavedFrame {
  public static final int X30_AT = 8;
  public static final int X19_AT = 16;
  public static final int X20_AT = 24;
  public static final int FPCR = 160;
  public static final int BYTES = 176;

  private final Aarch64Assembler a;

  public Aarch64SavedFrame(Aarch64Assembler a) {
    this.a = a;
  }

  /** Lays the frame; leaves FPCR in x11. */
  public void store() {
    a.stpPre(X29, X30, SP, -BYTES, "a frame record: x29 stays valid throughout");
    a.stp(X19, X20, SP, 16);
    a.stp(X21, X22, SP, 32);
    a.stp(X23, X24, SP, 48);
    a.stp(X25, X26, SP, 64);
    a.stp(X27, X28, SP, 80, "x28: HotSpot's current JavaThread");
    a.stp(D8, D9, SP, 96, "of v8 to v15 the low halves are callee-saved");
    a.stp(D10, D11, SP, 112);
    a.stp(D12, D13, SP, 128);
    a.stp(D14, D15, SP, 144);
    a.mrsFpcr(X11, "floating-point control belongs to the thread");
    a.str(X11, SP, FPCR);
  }

  /**
   * Loads the frame's FPCR where it differs from that of the stack which was left, which is still
   * in x11. Overwrites x12.
   *
   * @param where makes the label's name unique in the listing
   */
  public void restoreFpControlWhereItDiffers(String where) {
    a.ldr(X12, SP, FPCR, "its FPCR against ours, in x11");
    Label same = a.label("fpcrSame" + where);
    a.cmp(X12, X11);
    a.beq(same);
    a.msrFpcr(X12, "only where it differs: it serialises");
    a.bind(same);
  }

  /** Restores the registers from the frame, and gives its memory back. */
  public void load() {
    a.ldp(X19, X20, SP, 16);
    a.ldp(X21, X22, SP, 32);
    a.ldp(X23, X24, SP, 48);
    a.ldp(X25, X26, SP, 64);
    a.ldp(X27, X28, SP, 80);
    a.ldp(D8, D9, SP, 96);
    a.ldp(D10, D11, SP, 112);
    a.ldp(D12, D13, SP, 128);
    a.ldp(D14, D15, SP, 144);
    a.ldpPost(X29, X30, SP, BYTES);
  }
}
