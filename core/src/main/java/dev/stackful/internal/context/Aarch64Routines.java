package dev.stackful.internal.context;

import static dev.stackful.internal.asm.Aarch64Assembler.Reg.SP;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X0;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X1;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X10;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X11;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X12;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X13;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X19;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X2;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X20;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X21;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X28;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X3;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X8;
import static dev.stackful.internal.asm.Aarch64Assembler.Reg.X9;
import static dev.stackful.internal.context.ContextLayout.BLOCK_SET;
import static dev.stackful.internal.context.ContextLayout.DONE;
import static dev.stackful.internal.context.ContextLayout.FOLLOWER;
import static dev.stackful.internal.context.ContextLayout.INDEX;
import static dev.stackful.internal.context.ContextLayout.JAVA_THREAD;
import static dev.stackful.internal.context.ContextLayout.OLD_MASK;
import static dev.stackful.internal.context.ContextLayout.OWN_TID;
import static dev.stackful.internal.context.ContextLayout.PARKED;
import static dev.stackful.internal.context.ContextLayout.PARKING_TOP;
import static dev.stackful.internal.context.ContextLayout.RUNNER_TID;
import static dev.stackful.internal.context.ContextLayout.SIGNALLED;
import static dev.stackful.internal.context.ContextLayout.THREAD_POINTER;
import static dev.stackful.internal.context.ContextLayout.WAIT_SET;
import static dev.stackful.internal.os.SystemCall.FUTEX;
import static dev.stackful.internal.os.SystemCall.GETPID;
import static dev.stackful.internal.os.SystemCall.GETTID;
import static dev.stackful.internal.os.SystemCall.RT_SIGPROCMASK;
import static dev.stackful.internal.os.SystemCall.RT_SIGTIMEDWAIT;
import static dev.stackful.internal.os.SystemCall.TGKILL;

import dev.stackful.internal.asm.Aarch64Assembler;
import dev.stackful.internal.asm.Label;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.frame.Aarch64SavedFrame;
import dev.stackful.internal.os.Futex;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.Signals;
import dev.stackful.internal.os.SystemCall;
import dev.stackful.internal.os.SystemCallException;
import java.util.OptionalInt;

/**
 * The context switch for AArch64, modelled on {@link Amd64Routines}; only differences are
 * commented.
 *
 * <p>{@link Aarch64SavedFrame} draws the frame of a suspended stack; x28 in it is the JavaThread.
 *
 * <p>SP is 16-byte aligned at all times, or loads through it fault (6.4.5.1). x18 is the platform's
 * and is never touched. There is no red zone on Linux. Nothing of ours is signed. Frames that the C
 * library or HotSpot signed on one kernel thread are checked on another: that works because Linux
 * gives all threads of a process the same pointer authentication keys
 * (arch/arm64/kernel/process.c).
 */
final class Aarch64Routines {
  private final Aarch64Assembler a = new Aarch64Assembler("AArch64 (AAPCS64, Linux)");
  private final Aarch64SavedFrame frame = new Aarch64SavedFrame(a);
  private final Label switchEntry = a.label(Routines.SWITCH);
  private final int suspendResume;
  private final OptionalInt kernelThreadId;
  private final long recentSwitches;

  private Aarch64Routines(int suspendResume, OptionalInt kernelThreadId, long recentSwitches) {
    this.suspendResume = suspendResume;
    this.kernelThreadId = kernelThreadId;
    this.recentSwitches = recentSwitches;
  }

  /** See {@link Amd64Routines#emit}. */
  static Listing emit(int suspendResume, OptionalInt kernelThreadId, long recentSwitches) {
    Aarch64Routines routines = new Aarch64Routines(suspendResume, kernelThreadId, recentSwitches);
    routines.switchContext();
    routines.switchFromNewThread();
    routines.park();
    routines.wake();
    routines.threadPointer();
    routines.kernelThreadId();
    routines.stackPointer();
    return routines.a.finish();
  }

  /** {@code switch(x0 from, x1 to)}. */
  private void switchContext() {
    a.routine(switchEntry);
    a.remark("save what a callee must preserve");
    a.btiC("entered by an indirect branch");
    frame.store();
    a.remark("leave");
    a.ldr32(X12, X0, RUNNER_TID, "the kernel thread that runs us ...");
    a.str32(X12, X1, RUNNER_TID, "... runs it next: signals must find it before it moves");
    a.mov(X9, SP, "SP itself cannot be stored");
    a.str(X9, X0, ContextLayout.SP, "suspended: all below sp is dead");
    prefetchFollower();
    a.remark("arrive");
    a.ldr(X9, X1, ContextLayout.SP);
    a.ldr(X10, X1, THREAD_POINTER);
    a.mov(SP, X9, "the other stack");
    a.msrTpidr(X10, "TLS, pthread_self and JavaThread are its own from here");
    a.remark("restore, and go on where the other stack left");
    frame.restoreFpControlWhereItDiffers("");
    a.ldr(X0, X0, INDEX, "returned on the other stack: which one it comes from");
    frame.load();
    a.ret("not br: the processor's stack of returns stays in step with the calls");
  }

  /** x0, x1 and x11 stay; x12 has the kernel thread's id. */
  private void prefetchFollower() {
    Label known = a.label("known");
    a.remark("ask for what the stack after that one will need");
    a.ldr(X10, X1, INDEX);
    a.cbz(X10, known, "back to a root, which needs nothing");
    a.ubfiz(
        X12,
        X12,
        RecentSwitches.PLACE_BITS,
        RecentSwitches.ID_BITS,
        "by the kernel thread's id ...");
    a.mov(X10, recentSwitches);
    a.add(X12, X12, X10, "... where it notes its switches");
    a.ldr(X10, X12, 0, "the stack that it switched to before");
    a.cmp(X10, X1);
    a.beq(known, "one stack over and over");
    a.str(X1, X12, 0);
    a.str(X1, X10, FOLLOWER, "learned: that one is followed by this one");
    a.ldr(X9, X1, FOLLOWER, "and this one was followed by ...");
    a.cmp(X9, X10);
    a.beq(known, "two in turn");
    a.ldr(X10, X9, ContextLayout.SP, "of the follower its stack, ...");
    for (int line = 0; line < RecentSwitches.STACK_LINES; line++) {
      a.prfm(X10, line * RecentSwitches.LINE_BYTES);
    }
    a.sub(X10, X10, RecentSwitches.BANG_BYTES);
    for (int line : RecentSwitches.BANG_LINES) {
      a.prfm(X10, line * RecentSwitches.LINE_BYTES);
    }
    a.ldr(X10, X9, JAVA_THREAD, "... what HotSpot looks at on the way back, ...");
    for (int field : RecentSwitches.JAVA_THREAD_FIELDS) {
      a.prfm(X10, field);
    }
    a.ldr(X9, X9, FOLLOWER, "... and the contexts of the one after it");
    a.prfm(X9, 0);
    a.prfm(X9, ContextLayout.SIZE_BYTES);
    a.bind(known);
  }

  /** {@code switchFromNewThread(x0 root, x1 to)}. */
  private void switchFromNewThread() {
    a.routine(Routines.SWITCH_FROM_NEW_THREAD);
    a.btiC();
    a.mov(X11, X0, "system calls keep all registers but x0");
    loadKernelThreadId();
    a.str32(X0, X11, RUNNER_TID, "a root is run by its own kernel thread");
    a.mov(X0, X11);
    a.mrsTpidr(X9, "and its thread pointer ...");
    a.str(X9, X0, THREAD_POINTER, "... is put back when it goes on");
    a.b(switchEntry, "from here on like any switch");
  }

  /** {@code park(x0 own)}. */
  private void park() {
    Label wait = a.label("wait");
    Label forward = a.label("forward");
    Label woken = a.label("woken");
    a.routine(Routines.PARK);
    a.remark("save what a callee must preserve");
    a.btiC();
    frame.store();
    a.remark("record which thread this is");
    a.mov(X19, X0, "the context; callee-saved, so already stored");
    a.mov(X9, SP);
    a.str(X9, X19, ContextLayout.SP, "where a switch goes on");
    a.str(X28, X19, JAVA_THREAD, "HotSpot's, in compiled code and in stubs");
    a.mrsTpidr(X9, "this never changes:");
    a.str(X9, X19, THREAD_POINTER, "the stack's thread pointer");
    a.mov(X8, number(GETTID));
    a.svc("gettid()");
    a.str32(X0, X19, OWN_TID, "the thread that wake must signal");
    a.mov(X8, number(GETPID));
    a.svc("getpid()");
    a.mov(X20, X0, "for tgkill");
    a.mov(X9, 0);
    a.str32(X9, X19, DONE, "may have been woken before");
    a.str32(X9, X19, RUNNER_TID, "nobody runs it yet: nothing to forward to");
    a.remark("block signals, and get off the stack");
    a.mov(X0, Signals.SIG_SETMASK, "while still on our own stack ...");
    a.add(X1, X19, BLOCK_SET, "... block all but glibc's 33: a handler that ran");
    a.add(X2, X19, OLD_MASK, "here later would run as a thread that is elsewhere");
    a.mov(X3, Signals.SIGSET_SIZE_BYTES);
    a.mov(X8, number(RT_SIGPROCMASK));
    a.svc("rt_sigprocmask(SIG_SETMASK, blockSet, oldMask)");
    a.ldr(X9, X19, PARKING_TOP);
    a.mov(SP, X9, "off the stack");
    a.add(X21, X19, PARKED);
    a.mov(X9, 1);
    a.stlr32(X9, X21, "store-release: the stack is free to take");
    a.mov(X0, X21);
    a.mov(X1, Futex.FUTEX_WAKE_PRIVATE);
    a.mov(X2, Integer.MAX_VALUE, "all threads that wait for it");
    a.mov(X8, number(FUTEX));
    a.svc("futex(parked, FUTEX_WAKE_PRIVATE, all)");
    a.add(X21, X19, DONE);
    a.remark("sleep, and forward signals to the kernel thread that runs this stack");
    a.bind(wait);
    a.add(X0, X19, WAIT_SET, "HotSpot's suspend/resume signal, and NIO's wake-up");
    a.mov(X1, 0, "no siginfo");
    a.mov(X2, 0, "no timeout");
    a.mov(X3, Signals.SIGSET_SIZE_BYTES);
    a.mov(X8, number(RT_SIGTIMEDWAIT));
    a.svc("rt_sigtimedwait(waitSet, NULL, NULL): the signal, or an error such as EINTR");
    a.ldar32(X9, X21, "load-acquire done");
    a.cbnz32(X9, woken, "the flag alone decides: signals of two senders may merge");
    a.cmp(X0, suspendResume, "sent to this thread by its pthread_t, ...");
    a.beq(forward);
    a.cmp(X0, Signals.NIO_WAKEUP, "... so meant for the kernel thread that runs as it");
    a.bne(wait);
    a.bind(forward);
    a.ldr32(X1, X19, RUNNER_TID, "the kernel thread that runs this stack, or did last");
    a.cbz32(X1, wait, "none ever has");
    a.mov(X2, X0, "the signal");
    a.mov(X0, X20, "pid");
    a.mov(X8, number(TGKILL));
    a.svc("tgkill(pid, runnerTid, signal)");
    a.b(wait);
    a.remark("woken: go on by ourselves");
    a.bind(woken);
    a.ldr32(X9, X19, OWN_TID, "from now on ...");
    a.str32(X9, X19, RUNNER_TID, "... it runs itself");
    a.mov(X9, 0);
    a.str32(X9, X19, PARKED);
    a.ldr(X9, X19, ContextLayout.SP);
    a.mov(SP, X9, "first the stack, ...");
    a.mov(X0, Signals.SIG_SETMASK);
    a.add(X1, X19, OLD_MASK);
    a.mov(X2, 0);
    a.mov(X3, Signals.SIGSET_SIZE_BYTES);
    a.mov(X8, number(RT_SIGPROCMASK), "... then the mask: what is pending runs on the real stack");
    a.svc("rt_sigprocmask(SIG_SETMASK, oldMask, NULL)");
    a.ldr(X12, SP, Aarch64SavedFrame.FPCR);
    a.msrFpcr(X12);
    frame.load();
    a.ret();
  }

  /** {@code wake(x0 context)}. */
  private void wake() {
    Label again = a.label("again");
    a.routine(Routines.WAKE);
    a.btiC();
    a.ldr32(X10, X0, OWN_TID, "read first: once done is set it may change");
    a.add(X9, X0, DONE);
    a.add(X12, X0, SIGNALLED);
    a.mov(X11, 1);
    a.stlr32(X11, X9, "store-release: all before it is seen");
    a.mov(X8, number(GETPID));
    a.svc("getpid()");
    a.mov(X13, X0, "pid");
    a.mov(X1, X10);
    a.mov(X2, suspendResume, "never 62: a blocking read would see it as its own");
    a.mov(X8, number(TGKILL));
    a.bind(again);
    a.mov(X0, X13);
    a.svc("tgkill(pid, ownTid, SR)");
    a.add(X10, X0, SystemCallException.EAGAIN, "a real-time signal, and the queue of them is full");
    a.cbz(X10, again, "it must be sent before this routine returns");
    a.stlr32(X11, X12, "from here the thread may end");
    a.ret();
  }

  /** {@code threadPointer()}. */
  private void threadPointer() {
    a.routine(Routines.THREAD_POINTER);
    a.btiC();
    a.mrsTpidr(X0);
    a.ret();
  }

  /** {@code kernelThreadId()}. */
  private void kernelThreadId() {
    a.routine(Routines.KERNEL_THREAD_ID);
    a.btiC();
    loadKernelThreadId();
    a.ret();
  }

  /** {@code stackPointer()}. */
  private void stackPointer() {
    a.routine(Routines.STACK_POINTER);
    a.btiC();
    a.mov(X0, SP);
    a.ret();
  }

  /** Into w0. */
  private void loadKernelThreadId() {
    if (kernelThreadId.isPresent()) {
      int offset = kernelThreadId.getAsInt();
      a.mrsTpidr(X9);
      if (offset < 0) {
        a.sub(X9, X9, -offset, "glibc's descriptor lies before the thread pointer");
        offset = 0;
      }
      a.ldr32(X0, X9, offset, "the kernel's id of the thread");
    } else {
      a.mov(X8, number(GETTID));
      a.svc("gettid()");
    }
  }

  private static int number(SystemCall call) {
    return call.number(Isa.AARCH64);
  }
}
