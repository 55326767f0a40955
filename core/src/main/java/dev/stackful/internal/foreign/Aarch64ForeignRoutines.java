package dev.stackful.internal.foreign;

import static dev.stackful.internal.asm.Aarch64Assembler.Reg.SP;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X0;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X1;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X10;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X11;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X16;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X17;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X19;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X2;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X20;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X3;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X4;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X5;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X6;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X7;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X9;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D0;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D1;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D2;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D3;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D4;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D5;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D6;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.D7;
import static dev.stackful.internal.foreign.ForeignContextLayout.ANSWER;
import static dev.stackful.internal.foreign.ForeignContextLayout.ARGUMENTS;
import static dev.stackful.internal.foreign.ForeignContextLayout.EVENT;
import static dev.stackful.internal.foreign.ForeignContextLayout.FP_ANSWER;
import static dev.stackful.internal.foreign.ForeignContextLayout.FP_ARGUMENTS;
import static dev.stackful.internal.foreign.ForeignContextLayout.LIMIT;
import static dev.stackful.internal.foreign.ForeignContextLayout.RESUMER_SP;

import dev.stackful.internal.asm.Aarch64Assembler;
import dev.stackful.internal.asm.Aarch64Assembler.Reg;
import dev.stackful.internal.asm.Aarch64Assembler.VReg;
import dev.stackful.internal.asm.Label;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.frame.Aarch64SavedFrame;
import java.util.List;

/**
 * C functions as coroutines on AArch64, modelled on {@link Amd64ForeignRoutines}; only differences
 * are commented.
 *
 * <p>A resume ends in {@code ret}, and must: a C library that is built for branch target
 * identification lies in guarded pages, in which a {@code br x30} to the instruction behind a call
 * would fault, as there is no landing pad (Arm ARM, D8.4.5). On x86-64 it may end in a jump, and
 * does. A thunk may use {@code br} from x17, which a {@code bti c} lets in.
 */
final class Aarch64ForeignRoutines {
  /** The integer argument registers in order (AAPCS64, 6.8.2). */
  static final List<Reg> ARGUMENT_REGISTERS = List.of(X0, X1, X2, X3, X4, X5, X6, X7);

  private static final List<VReg> FP_REGISTERS = List.of(D0, D1, D2, D3, D4, D5, D6, D7);
  private static final int BRK_DONE = 1;
  private static final int BRK_NO_CALL = 2;

  private final Aarch64Assembler a = new Aarch64Assembler("AArch64 (AAPCS64)");
  private final Aarch64SavedFrame frame = new Aarch64SavedFrame(a);
  private final Label suspendEntry = a.label(ForeignRoutines.SUSPEND);
  private final Label trapEntry = a.label(ForeignRoutines.TRAP);

  private Aarch64ForeignRoutines() {}

  /** Emits all the routines. */
  static Listing emit() {
    Aarch64ForeignRoutines routines = new Aarch64ForeignRoutines();
    routines.resume();
    routines.trampoline();
    routines.callback();
    routines.callbackOfIntegers();
    routines.yieldValue();
    routines.suspend();
    routines.trap();
    routines.thunk();
    return routines.a.finish();
  }

  /** {@code resume(x0 context)}. FPCR is read each time. */
  private void resume() {
    a.routine(ForeignRoutines.RESUME);
    a.remark("save what a callee must preserve");
    a.btiC("entered by an indirect branch");
    frame.store();
    a.remark("leave");
    a.mov(X9, SP, "SP itself cannot be stored");
    a.str(X9, X0, RESUMER_SP);
    a.remark("arrive");
    a.ldr(X9, X0, ForeignContextLayout.SP);
    a.mov(SP, X9, "the coroutine's stack");
    a.ldr(D0, X0, FP_ANSWER);
    a.ldr(X0, X0, ANSWER);
    a.remark("restore, and go on where C code called");
    frame.restoreFpControlWhereItDiffers("OfCoroutine");
    frame.load();
    a.ret("not br: C code may lie in guarded pages");
  }

  /** Comes from the {@link FirstFrame} with the context in x19 and the function in x20. */
  private void trampoline() {
    a.routine(ForeignRoutines.TRAMPOLINE);
    a.remark("the arguments");
    a.btiC();
    for (int i = 0; i < ARGUMENT_REGISTERS.size(); i += 2) {
      a.ldp(
          ARGUMENT_REGISTERS.get(i),
          ARGUMENT_REGISTERS.get(i + 1),
          X19,
          ARGUMENTS + i * Long.BYTES);
    }
    for (int i = 0; i < FP_REGISTERS.size(); i += 2) {
      a.ldp(FP_REGISTERS.get(i), FP_REGISTERS.get(i + 1), X19, FP_ARGUMENTS + i * Long.BYTES);
    }
    a.remark("the function");
    a.blr(X20, "x29 is zero: its frame record will be the last");
    a.remark("it has returned");
    a.str(X0, X19, ANSWER);
    a.str(D0, X19, FP_ANSWER);
    a.mov(X9, X19);
    a.mov(X16, 0, "the event: returned");
    a.bl(suspendEntry, "for good");
    a.brk(BRK_DONE, "a resume of what is done would arrive here");
  }

  /** With the slot in x16. */
  private void callback() {
    a.routine(ForeignRoutines.CALLBACK);
    loadContext();
    storeIntegers();
    for (int i = 0; i < FP_REGISTERS.size(); i += 2) {
      a.stp(FP_REGISTERS.get(i), FP_REGISTERS.get(i + 1), X9, FP_ARGUMENTS + i * Long.BYTES);
    }
    a.b(suspendEntry, "x30 still holds the return address");
  }

  private void callbackOfIntegers() {
    a.routine(ForeignRoutines.CALLBACK_OF_INTEGERS);
    loadContext();
    storeIntegers();
    a.b(suspendEntry, "x30 still holds the return address");
  }

  private void storeIntegers() {
    a.remark("the arguments, for Java to read");
    for (int i = 0; i < ARGUMENT_REGISTERS.size(); i += 2) {
      a.stp(
          ARGUMENT_REGISTERS.get(i), ARGUMENT_REGISTERS.get(i + 1), X9, ARGUMENTS + i * Long.BYTES);
    }
  }

  /** {@code long yield(long)}, with the slot in x16. */
  private void yieldValue() {
    a.routine(ForeignRoutines.YIELD_VALUE);
    loadContext();
    a.remark("the argument, for Java to read");
    a.str(X0, X9, ARGUMENTS);
    a.b(suspendEntry);
  }

  private void loadContext() {
    a.remark("whose stack is it?");
    a.btiC("a thunk branches here from x17");
    a.ldr(X9, X16, Thunks.CONTEXT, "x9 to x17 are scratch, and hold no argument");
    a.mov(X10, SP);
    a.cmp(X10, X9);
    a.bhi(trapEntry, "called from another stack");
    a.ldr(X11, X9, LIMIT);
    a.cmp(X10, X11);
    a.blo(trapEntry);
  }

  /** With the context in x9, the event in x16 and the return address in x30. */
  private void suspend() {
    a.routine(suspendEntry);
    a.remark("save what a callee must preserve");
    a.btiC();
    frame.store();
    a.remark("leave");
    a.mov(X10, SP);
    a.str(X10, X9, ForeignContextLayout.SP);
    a.str(X16, X9, EVENT);
    a.mov(X0, X16);
    a.remark("arrive");
    a.ldr(X10, X9, RESUMER_SP);
    a.mov(SP, X10, "the resumer's stack");
    a.remark("restore, and return to Java");
    frame.restoreFpControlWhereItDiffers("OfResumer");
    frame.load();
    a.ret();
  }

  /** Where the thunk of a callback goes that was freed. */
  private void trap() {
    a.routine(trapEntry);
    a.btiC();
    a.brk(BRK_NO_CALL);
  }

  /** As {@link Amd64ForeignRoutines}'; four instructions fill the 16 bytes. */
  private void thunk() {
    a.routine(ForeignRoutines.THUNK);
    a.btiC("C code calls it through a pointer");
    int lengthOfBti = 4;
    a.adr(X16, Thunks.SLOT_DISTANCE - lengthOfBti, "our slot in the page of slots");
    a.ldr(X17, X16, Thunks.TARGET, "x16 and x17 are for veneers such as this (6.1.1)");
    a.br(X17);
  }
}
