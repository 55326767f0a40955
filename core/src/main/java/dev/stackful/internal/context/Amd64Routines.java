package dev.stackful.internal.context;

import static dev.stackful.internal.asm.Amd64Assembler.Mem.at;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R10;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R12;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R15;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R8;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RAX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RBX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RCX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RDI;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RDX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RSI;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RSP;
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
import static dev.stackful.internal.context.ContextLayout.SP;
import static dev.stackful.internal.context.ContextLayout.THREAD_POINTER;
import static dev.stackful.internal.context.ContextLayout.WAIT_SET;
import static dev.stackful.internal.os.SystemCall.FUTEX;
import static dev.stackful.internal.os.SystemCall.GETPID;
import static dev.stackful.internal.os.SystemCall.GETTID;
import static dev.stackful.internal.os.SystemCall.RT_SIGPROCMASK;
import static dev.stackful.internal.os.SystemCall.RT_SIGTIMEDWAIT;
import static dev.stackful.internal.os.SystemCall.TGKILL;

import dev.stackful.internal.asm.Amd64Assembler;
import dev.stackful.internal.asm.Label;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.frame.Amd64SavedFrame;
import dev.stackful.internal.os.Futex;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.Signals;
import dev.stackful.internal.os.SystemCall;
import dev.stackful.internal.os.SystemCallException;
import java.util.OptionalInt;

/**
 * The context switch for x86-64, System V ABI. This is the reference text; {@link Aarch64Routines}
 * comments only on what is different there.
 *
 * <p>What a stack looks like while its thread is suspended, {@link Amd64SavedFrame} draws; {@code
 * sp} in its context points at that frame, and all below it is dead: a signal's frame may land
 * there. The return address is the downcall stub's, and r15 is HotSpot's JavaThread.
 */
final class Amd64Routines {
  private final Amd64Assembler a = new Amd64Assembler("x86-64 (System V ABI, Linux)");
  private final Amd64SavedFrame frame = new Amd64SavedFrame(a);
  private final Label switchEntry = a.label(Routines.SWITCH);
  private final int suspendResume;
  private final OptionalInt kernelThreadId;
  private final long recentSwitches;

  private Amd64Routines(int suspendResume, OptionalInt kernelThreadId, long recentSwitches) {
    this.suspendResume = suspendResume;
    this.kernelThreadId = kernelThreadId;
    this.recentSwitches = recentSwitches;
  }

  /**
   * Emits all the routines.
   *
   * @param suspendResume HotSpot's suspend/resume signal
   * @param kernelThreadId see {@link Routines#emit}
   * @param recentSwitches see there
   */
  static Listing emit(int suspendResume, OptionalInt kernelThreadId, long recentSwitches) {
    Amd64Routines routines = new Amd64Routines(suspendResume, kernelThreadId, recentSwitches);
    routines.switchContext();
    routines.switchFromNewThread();
    routines.park();
    routines.wake();
    routines.threadPointer();
    routines.kernelThreadId();
    routines.stackPointer();
    return routines.a.finish();
  }

  /**
   * {@code switch(rdi from, rsi to)}: the calling thread stops in {@code from}, and its kernel
   * thread goes on as the thread of {@code to}. When another switch comes back here, the call
   * returns the index of the stack which that switch left.
   */
  private void switchContext() {
    a.routine(switchEntry);
    a.remark("save what a callee must preserve");
    frame.push();
    a.mov(RDX, RSP, "our frame");
    a.remark("leave");
    a.mov32(RAX, at(RDI, RUNNER_TID), "the kernel thread that runs us ...");
    a.mov32(at(RSI, RUNNER_TID), RAX, "... runs it next: signals must find it before it moves");
    a.mov(at(RDI, SP), RSP, "suspended: all below rsp is dead");
    a.remark("arrive");
    a.mov(RSP, at(RSI, SP), "the other stack");
    a.mov(RAX, at(RSI, THREAD_POINTER), "its thread control block");
    a.wrfsbase(RAX, "TLS, pthread_self and JavaThread are its own from here");
    prefetchFollower();
    frame.storeFpControl(RDX, "into our frame: no thread enters it before this switch is over");
    a.mov(RAX, at(RDI, INDEX), "returned on the other stack: which one it comes from");
    a.remark("restore, and go on where the other stack left");
    frame.restoreFpControlWhereItDiffers("");
    frame.popAndReturn();
  }

  /**
   * Learns who follows whom, and has the processor load what the next switch will need of the stack
   * that followed this one last time; and of the one after that its context, from which the next
   * switch learns where the rest is. A guess, which changes nothing but time. With one stack, or
   * two in turn, all of that is at hand, and nothing is done. rdi, rsi and rdx stay.
   *
   * <p>It comes after the write of the thread pointer: a prefetch is done with only when the page
   * tables have told where its line is, which takes long for so many pages, and that write waits
   * for all before it.
   */
  private void prefetchFollower() {
    Label known = a.label("known");
    a.remark("ask for what the stack after that one will need");
    a.cmp32(at(RSI, INDEX), 0, "back to a root, which needs nothing");
    a.je(known);
    a.mov32(RAX, at(RSI, RUNNER_TID));
    a.and32(RAX, (1 << RecentSwitches.ID_BITS) - 1, "by the kernel thread's id ...");
    a.shl(RAX, RecentSwitches.PLACE_BITS);
    a.mov(RCX, recentSwitches);
    a.add(RAX, RCX, "... where it notes its switches");
    a.mov(RCX, at(RAX, 0), "the stack that it switched to before");
    a.cmp(RCX, RSI);
    a.je(known, "one stack over and over");
    a.mov(at(RAX, 0), RSI);
    a.mov(at(RCX, FOLLOWER), RSI, "learned: that one is followed by this one");
    a.mov(RAX, at(RSI, FOLLOWER), "and this one was followed by ...");
    a.cmp(RAX, RCX);
    a.je(known, "two in turn");
    a.mov(RCX, at(RAX, SP), "of the follower its stack, ...");
    for (int line = 0; line < RecentSwitches.STACK_LINES; line++) {
      a.prefetcht0(at(RCX, line * RecentSwitches.LINE_BYTES));
    }
    for (int line : RecentSwitches.BANG_LINES) {
      a.prefetcht0(at(RCX, line * RecentSwitches.LINE_BYTES - RecentSwitches.BANG_BYTES));
    }
    a.mov(RCX, at(RAX, JAVA_THREAD), "... what HotSpot looks at on the way back, ...");
    for (int field : RecentSwitches.JAVA_THREAD_FIELDS) {
      a.prefetcht0(at(RCX, field));
    }
    a.mov(RAX, at(RAX, FOLLOWER), "... and the contexts of the one after it");
    a.prefetcht0(at(RAX, 0));
    a.prefetcht0(at(RAX, ContextLayout.SIZE_BYTES));
    a.bind(known);
  }

  /**
   * {@code switchFromNewThread(rdi root, rsi to)}: a switch by a thread that was not the last one
   * to use this root context. It finds out its kernel thread's id inside the same downcall, as a
   * virtual thread can change its carrier between two downcalls but not within one.
   */
  private void switchFromNewThread() {
    a.routine(Routines.SWITCH_FROM_NEW_THREAD);
    loadKernelThreadId();
    a.mov32(at(RDI, RUNNER_TID), RAX, "a root is run by its own kernel thread");
    a.rdfsbase(RAX, "and its thread control block ...");
    a.mov(at(RDI, THREAD_POINTER), RAX, "... is put back when it goes on");
    a.jmp(switchEntry, "from here on like any switch");
  }

  /**
   * {@code park(rdi own)}: the kernel thread leaves its stack to whoever switches to it, and sleeps
   * on its parking stack. It returns, on whatever kernel thread, when somebody switches here; or on
   * its own kernel thread when {@code wake} has told it to go on by itself.
   */
  private void park() {
    Label wait = a.label("wait");
    Label forward = a.label("forward");
    Label woken = a.label("woken");
    a.routine(Routines.PARK);
    a.remark("save what a callee must preserve");
    frame.push();
    frame.storeFpControl(RSP);
    a.remark("record which thread this is");
    a.mov(RBX, RDI, "the context, in a register that system calls keep");
    a.mov(at(RBX, SP), RSP, "where a switch goes on");
    a.mov(at(RBX, JAVA_THREAD), R15, "HotSpot's, in compiled code and in stubs");
    a.rdfsbase(RAX, "this never changes:");
    a.mov(at(RBX, THREAD_POINTER), RAX, "the stack's thread control block");
    a.mov(RAX, number(GETTID), "gettid()");
    a.syscall();
    a.mov32(at(RBX, OWN_TID), RAX, "the thread that wake must signal");
    a.mov(RAX, number(GETPID), "getpid()");
    a.syscall();
    a.mov32(R12, RAX, "for tgkill");
    a.mov32(at(RBX, DONE), 0, "may have been woken before");
    a.mov32(at(RBX, RUNNER_TID), 0, "nobody runs it yet: nothing to forward to");
    a.remark("block signals, and get off the stack");
    a.mov(RDI, Signals.SIG_SETMASK, "while still on our own stack ...");
    a.lea(RSI, at(RBX, BLOCK_SET), "... block all but glibc's 33: a handler that ran");
    a.lea(RDX, at(RBX, OLD_MASK), "here later would run as a thread that is elsewhere");
    a.mov(R10, Signals.SIGSET_SIZE_BYTES);
    a.mov(RAX, number(RT_SIGPROCMASK), "rt_sigprocmask(SIG_SETMASK, blockSet, oldMask)");
    a.syscall();
    a.mov(RSP, at(RBX, PARKING_TOP), "off the stack");
    a.mov32(at(RBX, PARKED), 1, "a plain store is a release: the stack is free to take");
    a.lea(RDI, at(RBX, PARKED));
    a.mov(RSI, Futex.FUTEX_WAKE_PRIVATE);
    a.mov(RDX, Integer.MAX_VALUE, "all threads that wait for it");
    a.mov(RAX, number(FUTEX), "futex(parked, FUTEX_WAKE_PRIVATE, all)");
    a.syscall();
    a.remark("sleep, and forward signals to the kernel thread that runs this stack");
    a.bind(wait);
    a.lea(RDI, at(RBX, WAIT_SET), "HotSpot's suspend/resume signal, and NIO's wake-up");
    a.xor32(RSI, RSI, "no siginfo");
    a.xor32(RDX, RDX, "no timeout");
    a.mov(R10, Signals.SIGSET_SIZE_BYTES);
    a.mov(RAX, number(RT_SIGTIMEDWAIT), "rt_sigtimedwait(waitSet, NULL, NULL)");
    a.syscall("rax: the signal, or an error such as EINTR");
    a.cmp32(at(RBX, DONE), 0, "a plain load is an acquire");
    a.jne(woken, "the flag alone decides: signals of two senders may merge");
    a.cmp32(RAX, suspendResume, "sent to this thread by its pthread_t, ...");
    a.je(forward);
    a.cmp32(RAX, Signals.NIO_WAKEUP, "... so meant for the kernel thread that runs as it");
    a.jne(wait);
    a.bind(forward);
    a.mov32(RSI, at(RBX, RUNNER_TID), "the kernel thread that runs this stack, or did last");
    a.test32(RSI, RSI);
    a.je(wait, "none ever has");
    a.mov32(RDI, R12, "pid");
    a.mov32(RDX, RAX, "the signal");
    a.mov(RAX, number(TGKILL), "tgkill(pid, runnerTid, signal)");
    a.syscall();
    a.jmp(wait);
    a.remark("woken: go on by ourselves");
    a.bind(woken);
    a.mov32(RAX, at(RBX, OWN_TID), "from now on ...");
    a.mov32(at(RBX, RUNNER_TID), RAX, "... it runs itself");
    a.mov32(at(RBX, PARKED), 0);
    a.mov(RSP, at(RBX, SP), "first the stack, ...");
    a.mov(RDI, Signals.SIG_SETMASK);
    a.lea(RSI, at(RBX, OLD_MASK));
    a.xor32(RDX, RDX);
    a.mov(R10, Signals.SIGSET_SIZE_BYTES);
    a.mov(RAX, number(RT_SIGPROCMASK), "... then the mask: what is pending runs on the real stack");
    a.syscall("rt_sigprocmask(SIG_SETMASK, oldMask, NULL)");
    a.ldmxcsr(at(RSP, 0));
    a.fldcw(at(RSP, Amd64SavedFrame.X87));
    frame.popAndReturn();
  }

  /**
   * {@code wake(rdi context)}: the parked kernel thread is to go on with its stack by itself. The
   * caller holds the claim on the stack, so nobody else runs it. Returns 0 or a negative errno.
   */
  private void wake() {
    Label again = a.label("again");
    a.routine(Routines.WAKE);
    a.mov(R8, RDI, "a register that system calls keep");
    a.mov32(RSI, at(R8, OWN_TID), "read first: once done is set it may change");
    a.mov32(at(R8, DONE), 1, "a plain store is a release: all before it is seen");
    a.mov(RAX, number(GETPID), "getpid()");
    a.syscall("keeps rsi");
    a.mov32(RDI, RAX);
    a.mov(RDX, suspendResume, "never 62: a blocking read would see it as its own");
    a.bind(again);
    a.mov(RAX, number(TGKILL), "tgkill(pid, ownTid, SR)");
    a.syscall("keeps all three arguments");
    a.cmp32(RAX, -SystemCallException.EAGAIN, "a real-time signal, and the queue of them is full");
    a.je(again, "it must be sent before this routine returns");
    a.mov32(at(R8, SIGNALLED), 1, "from here the thread may end");
    a.ret();
  }

  /** {@code threadPointer()}: the calling thread's. */
  private void threadPointer() {
    a.routine(Routines.THREAD_POINTER);
    a.rdfsbase(RAX, "what fs:0 holds too");
    a.ret();
  }

  /** {@code kernelThreadId()}: the calling thread's. */
  private void kernelThreadId() {
    a.routine(Routines.KERNEL_THREAD_ID);
    loadKernelThreadId();
    a.ret();
  }

  /** {@code stackPointer()}: the caller's, but for the return address. */
  private void stackPointer() {
    a.routine(Routines.STACK_POINTER);
    a.mov(RAX, RSP);
    a.ret();
  }

  /** Into eax. The thread runs on a stack of its own, so the descriptor is its own too. */
  private void loadKernelThreadId() {
    if (kernelThreadId.isPresent()) {
      a.rdfsbase(RAX, "glibc's descriptor of the thread ...");
      a.mov32(RAX, at(RAX, kernelThreadId.getAsInt()), "... has the kernel's id of it");
    } else {
      a.mov(RAX, number(GETTID), "gettid()");
      a.syscall("keeps rdi and rsi; rcx and r11 are scratch");
    }
  }

  private static int number(SystemCall call) {
    return call.number(Isa.AMD64);
  }
}
