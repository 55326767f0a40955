package dev.stackful.internal.foreign;

import static dev.stackful.internal.asm.Amd64Assembler.Mem.at;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R10;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R11;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R12;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R8;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R9;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RAX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RBX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RCX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RDI;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RDX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RSI;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RSP;
import static dev.stackful.internal.foreign.ForeignContextLayout.ANSWER;
import static dev.stackful.internal.foreign.ForeignContextLayout.ARGUMENTS;
import static dev.stackful.internal.foreign.ForeignContextLayout.EVENT;
import static dev.stackful.internal.foreign.ForeignContextLayout.FP_ANSWER;
import static dev.stackful.internal.foreign.ForeignContextLayout.FP_ARGUMENTS;
import static dev.stackful.internal.foreign.ForeignContextLayout.FP_ARGUMENT_REGISTERS;
import static dev.stackful.internal.foreign.ForeignContextLayout.FP_CONTROL;
import static dev.stackful.internal.foreign.ForeignContextLayout.FP_KNOWN;
import static dev.stackful.internal.foreign.ForeignContextLayout.LIMIT;
import static dev.stackful.internal.foreign.ForeignContextLayout.RESUMER_SP;
import static dev.stackful.internal.foreign.ForeignContextLayout.SP;

import dev.stackful.internal.asm.Amd64Assembler;
import dev.stackful.internal.asm.Amd64Assembler.Reg;
import dev.stackful.internal.asm.Label;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.frame.Amd64SavedFrame;
import java.util.List;

/**
 * How C functions run as coroutines on x86-64, System V ABI. This is the reference text; {@link
 * Aarch64ForeignRoutines} comments only on what is different there.
 *
 * <p>Java resumes, C code calls back; both are ordinary calls of a function, so what is saved is
 * {@link Amd64SavedFrame} on either side. No thread is involved but the caller's: the thread
 * pointer stays. Each routine finds the coroutine's stack by its foreign context ({@link
 * ForeignContextLayout}).
 *
 * <pre>
 *    Java                                     C, on the coroutine's stack
 *    resume(context)  ------------------->    trampoline: the first frame's return address
 *                                               function(arguments)
 *                                                 a callback, through its thunk
 *    event = its slot <-------------------          callback, or yieldValue; suspend
 *    resume(context)  ------------------->          ... returns the answer
 *                                               ... returns the result
 *    event = 0        <-------------------      trampoline: suspend, for good
 * </pre>
 */
final class Amd64ForeignRoutines {
  /** The integer argument registers in order (3.2.3). */
  static final List<Reg> ARGUMENT_REGISTERS = List.of(RDI, RSI, RDX, RCX, R8, R9);

  private final Amd64Assembler a = new Amd64Assembler("x86-64 (System V ABI)");
  private final Amd64SavedFrame frame = new Amd64SavedFrame(a);
  private final Label suspendEntry = a.label(ForeignRoutines.SUSPEND);
  private final Label trapEntry = a.label(ForeignRoutines.TRAP);

  private Amd64ForeignRoutines() {}

  /** Emits all the routines. */
  static Listing emit() {
    Amd64ForeignRoutines routines = new Amd64ForeignRoutines();
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

  /**
   * {@code resume(rdi context)}: the calling thread continues on the coroutine's stack. The call
   * returns the event, on the thread that resumed last, when the coroutine is suspended again.
   *
   * <p>The thread's floating-point control is read where the context doesn't know it. To read MXCSR
   * waits for all instructions before it, and so took more than a quarter of a round trip.
   */
  private void resume() {
    Label known = a.label("known");
    Label learn = a.label("learn");
    a.routine(ForeignRoutines.RESUME);
    a.remark("save what a callee must preserve");
    frame.push();
    a.cmp32(at(RDI, FP_KNOWN), 0, "floating-point control is in the context, not in our frame");
    a.je(learn);
    a.bind(known);
    a.remark("leave");
    a.mov(at(RDI, RESUMER_SP), RSP, "where suspend comes back to");
    a.remark("arrive");
    a.mov(RSP, at(RDI, SP), "the coroutine's stack");
    a.mov(RAX, at(RDI, ANSWER), "what the call returns in which it waits: ...");
    a.movsd(0, at(RDI, FP_ANSWER), "... C code looks into one of the two");
    a.remark("restore, and go on where C code called");
    frame.restoreFpControlWhereItDiffers(
        at(RDI, FP_CONTROL + Amd64SavedFrame.MXCSR),
        at(RDI, FP_CONTROL + Amd64SavedFrame.X87),
        RSP,
        0,
        "OfCoroutine");
    frame.popAndJump();
    a.bind(learn);
    a.stmxcsr(at(RDI, FP_CONTROL + Amd64SavedFrame.MXCSR));
    a.fnstcw(at(RDI, FP_CONTROL + Amd64SavedFrame.X87));
    a.mov32(at(RDI, FP_KNOWN), 1);
    a.jmp(known);
  }

  /**
   * The return address of the {@link FirstFrame}, which brought the context in r12 and the function
   * in rbx. rbp is zero, and zero is where a return address of the trampoline would stand, so that
   * a walk of the stack ends here.
   */
  private void trampoline() {
    a.routine(ForeignRoutines.TRAMPOLINE);
    a.remark("the arguments");
    for (int i = 0; i < ARGUMENT_REGISTERS.size(); i++) {
      a.mov(ARGUMENT_REGISTERS.get(i), at(R12, ARGUMENTS + i * Long.BYTES));
    }
    for (int i = 0; i < FP_ARGUMENT_REGISTERS; i++) {
      a.movsd(i, at(R12, FP_ARGUMENTS + i * Long.BYTES));
    }
    a.mov(RAX, FP_ARGUMENT_REGISTERS, "al: at most so many vector registers hold arguments");
    a.remark("the function");
    a.call(RBX, "rsp is a multiple of 16 here, as at any call");
    a.remark("it has returned");
    a.mov(at(R12, ANSWER), RAX, "an integer or a pointer, ...");
    a.movsd(at(R12, FP_ANSWER), 0, "... or a float or a double");
    a.mov(R10, R12);
    a.xor32(R11, R11, "the event: returned");
    a.call(suspendEntry, "for good");
    a.ud2("a resume of what is done would arrive here: Java refuses it, and this traps");
  }

  /** Where a callback's thunk goes, with its slot in r11. */
  private void callback() {
    a.routine(ForeignRoutines.CALLBACK);
    loadContext();
    storeIntegers();
    for (int i = 0; i < FP_ARGUMENT_REGISTERS; i++) {
      a.movsd(at(R10, FP_ARGUMENTS + i * Long.BYTES), i);
    }
    a.jmp(suspendEntry, "the return address is our caller's");
  }

  /** The same for one without floats and doubles: eight stores less. */
  private void callbackOfIntegers() {
    a.routine(ForeignRoutines.CALLBACK_OF_INTEGERS);
    loadContext();
    storeIntegers();
    a.jmp(suspendEntry, "the return address is our caller's");
  }

  private void storeIntegers() {
    a.remark("the arguments, for Java to read");
    for (int i = 0; i < ARGUMENT_REGISTERS.size(); i++) {
      a.mov(at(R10, ARGUMENTS + i * Long.BYTES), ARGUMENT_REGISTERS.get(i));
    }
  }

  /** Where the thunk of the yield function goes: {@code long yield(long)}. */
  private void yieldValue() {
    a.routine(ForeignRoutines.YIELD_VALUE);
    loadContext();
    a.remark("the argument, for Java to read");
    a.mov(at(R10, ARGUMENTS), RDI);
    a.jmp(suspendEntry);
  }

  /** A callback that is called from another stack would leave that one for ever: it traps. */
  private void loadContext() {
    a.remark("whose stack is it?");
    a.mov(R10, at(R11, Thunks.CONTEXT), "r10 and r11 are scratch, and hold no argument");
    a.cmp(RSP, R10, "the context is its stack's top");
    a.ja(trapEntry, "called from another stack");
    a.cmp(RSP, at(R10, LIMIT));
    a.jb(trapEntry);
  }

  /**
   * With the context in r10, the event in r11 and a return address on the coroutine's stack: goes
   * back to where it was resumed.
   */
  private void suspend() {
    a.routine(suspendEntry);
    a.remark("save what a callee must preserve");
    frame.push();
    frame.storeFpControl(RSP);
    a.remark("leave");
    a.mov(RDX, RSP, "our frame");
    a.mov(at(R10, SP), RSP, "where resume goes on");
    a.mov(at(R10, EVENT), R11, "why");
    a.mov(RAX, R11, "resume returns it too");
    a.remark("arrive");
    a.mov(RSP, at(R10, RESUMER_SP), "the resumer's stack");
    a.remark("restore, and return to Java");
    frame.restoreFpControlWhereItDiffers(
        at(RDX, Amd64SavedFrame.MXCSR), at(RDX, Amd64SavedFrame.X87), R10, FP_CONTROL, "OfResumer");
    frame.popAndReturnTwice();
  }

  /** Where the thunk of a callback goes that was freed. */
  private void trap() {
    a.routine(trapEntry);
    a.ud2("a call of a freed callback would wait for ever");
  }

  /**
   * A thunk, of which {@link Thunks} fills pages with copies: it reads its own slot, which lies at
   * a fixed distance, and so needs no code of its own.
   */
  private void thunk() {
    a.routine(ForeignRoutines.THUNK);
    int lengthOfLea = 7;
    a.leaRip(R11, Thunks.SLOT_DISTANCE - lengthOfLea, "our slot in the page of slots");
    a.jmp(at(R11, Thunks.TARGET), "callback, callbackOfIntegers, yieldValue or trap");
  }
}
