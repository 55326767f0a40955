package dev.stackful.examples.book;

import static dev.stackful.internal.asm.Aarch64Assembler.Reg.*;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.*;
import static dev.stackful.internal.asm.Amd64Assembler.Mem.at;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.*;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stackful.internal.asm.Aarch64Assembler;
import dev.stackful.internal.asm.Amd64Assembler;
import dev.stackful.internal.asm.Label;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.frame.MappedRoutines;
import dev.stackful.internal.os.Isa;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fibers of the book <em>Asynchronous Programming in Rust</em> (C. F. Samson, chapter 5, {@code
 * c-fibers}), in machine code that this program emits: the threads run C functions and no Java.
 *
 * <p>{@code docs/context-switch.md} explains it line for line. It leaves out what a runtime must
 * have and the book can do without: guard pages, floating-point control, anything but Linux. For C
 * functions on stacks of their own take {@link dev.stackful.foreign.ForeignCoroutine}.
 */
public final class CFibers {
  private static final int STACK_SIZE = 2 * 1024 * 1024;
  private static final int MAX_THREADS = 4;

  // The states.
  private static final int AVAILABLE = 0;
  private static final int RUNNING = 1;
  private static final int READY = 2;

  // A thread in memory: its context, which is 7 registers or 21; these two; then all is stack.
  private static final int STATE = 168;
  private static final int NEXT = 176; // in a ring

  /** The book's static variable: the address of the thread that runs. */
  private static final MemorySegment CURRENT = Arena.global().allocate(JAVA_LONG);

  /** Not printf: dprintf keeps no line back, which a thread that crashes would take with it. */
  private static final long DPRINTF =
      Linker.nativeLinker().defaultLookup().findOrThrow("dprintf").address();

  final MappedRoutines code = MappedRoutines.map(Isa.require() == Isa.AMD64 ? amd64() : aarch64());
  private final List<MemorySegment> threads =
      Stream.generate(() -> Arena.global().allocate(STACK_SIZE, 16)).limit(MAX_THREADS).toList();

  CFibers() {
    for (int i = 0; i < MAX_THREADS; i++) {
      threads.get(i).set(JAVA_LONG, NEXT, threads.get((i + 1) % MAX_THREADS).address());
    }
    threads.getFirst().set(JAVA_LONG, STATE, RUNNING); // it stays on the stack that Java has
    CURRENT.set(JAVA_LONG, 0, threads.getFirst().address());
  }

  public static void main(String[] arguments) throws Throwable {
    CFibers runtime = new CFibers();
    runtime.spawn(runtime.code.entry("thread1"));
    runtime.spawn(runtime.code.entry("thread2"));
    runtime.run();
  }

  void run() throws Throwable {
    MethodHandle tYield = code.link("t_yield", FunctionDescriptor.of(JAVA_LONG));
    while ((long) tYield.invokeExact() != 0) {}
  }

  MemorySegment spawn(MemorySegment f) {
    MemorySegment available =
        threads.stream()
            .filter(thread -> thread.get(JAVA_LONG, STATE) == AVAILABLE)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no available thread"));
    long top = available.byteSize();
    if (Isa.require() == Isa.AMD64) {
      available.set(JAVA_LONG, top - 16, code.entry("guard").address());
      available.set(JAVA_LONG, top - 24, code.entry("skip").address());
      available.set(JAVA_LONG, top - 32, f.address());
      available.set(JAVA_LONG, 0, available.address() + top - 32); // RSP
    } else {
      available.set(JAVA_LONG, 0, available.address() + top); // SP
      available.set(JAVA_LONG, 8, f.address()); // X19
      available.set(JAVA_LONG, 96, code.entry("trampoline").address()); // X30
    }
    available.set(JAVA_LONG, STATE, READY);
    return available;
  }

  static Listing amd64() {
    Amd64Assembler a = new Amd64Assembler("The book's fibers on x86-64");
    Label tYield = a.label("t_yield");
    Label next = a.label("next");
    a.routine(tYield);
    a.mov(RDX, CURRENT.address());
    a.mov(RDI, at(RDX, 0), "the thread that runs");
    a.mov(RSI, RDI);
    a.mov32(at(RDI, STATE), READY);
    a.bind(next);
    a.mov(RSI, at(RSI, NEXT));
    a.cmp32(at(RSI, STATE), READY);
    a.jne(next, "comes round to the caller, which is ready");
    a.mov32(at(RSI, STATE), RUNNING);
    a.mov(at(RDX, 0), RSI);
    a.mov(RAX, RSI);
    a.xor(RAX, RDI, "false, if it is the caller itself");
    a.bind(a.label("switch"));
    a.mov(at(RDI, 0x00), RSP);
    a.mov(at(RDI, 0x08), R15);
    a.mov(at(RDI, 0x10), R14);
    a.mov(at(RDI, 0x18), R13);
    a.mov(at(RDI, 0x20), R12);
    a.mov(at(RDI, 0x28), RBX);
    a.mov(at(RDI, 0x30), RBP);
    a.mov(RSP, at(RSI, 0x00));
    a.mov(R15, at(RSI, 0x08));
    a.mov(R14, at(RSI, 0x10));
    a.mov(R13, at(RSI, 0x18));
    a.mov(R12, at(RSI, 0x20));
    a.mov(RBX, at(RSI, 0x28));
    a.mov(RBP, at(RSI, 0x30));
    a.ret();
    a.routine("skip");
    a.ret();
    a.routine("guard");
    a.mov(RDX, CURRENT.address());
    a.mov(RDI, at(RDX, 0));
    a.mov(RSI, RDI);
    a.mov32(at(RDI, STATE), AVAILABLE);
    a.jmp(next, "for good");
    thread(a, tYield, 1, 10);
    thread(a, tYield, 2, 15);
    return a.finish();
  }

  private static void thread(Amd64Assembler a, Label tYield, int id, int count) {
    Label loop = a.label("loop" + id);
    a.routine("thread" + id);
    a.push(RBX, "the counter's; now RSP is a multiple of 16");
    a.mov(RBX, 0);
    print(a, "THREAD " + id + " STARTING\n");
    a.bind(loop);
    print(a, "thread: " + id + " counter: %ld\n");
    a.call(tYield);
    a.add(RBX, 1);
    a.cmp32(RBX, count);
    a.jne(loop);
    print(a, "THREAD " + id + " FINISHED\n");
    a.pop(RBX);
    a.ret("to skip, and from there to guard");
  }

  private static void print(Amd64Assembler a, String format) {
    a.mov(RDI, 1, "standard output");
    a.mov(RSI, Arena.global().allocateFrom(format).address());
    a.mov(RDX, RBX, "the counter, where the format shows it");
    a.mov(RAX, 0, "so many arguments in vector registers");
    a.mov(R11, DPRINTF);
    a.call(R11);
  }

  static Listing aarch64() {
    Aarch64Assembler a = new Aarch64Assembler("The book's fibers on AArch64");
    Label tYield = a.label("t_yield");
    Label next = a.label("next");
    a.routine(tYield);
    a.mov(X9, CURRENT.address());
    a.ldr(X10, X9, 0, "the thread that runs");
    a.mov(X11, X10);
    a.mov(X12, READY);
    a.str(X12, X10, STATE);
    a.bind(next);
    a.ldr(X11, X11, NEXT);
    a.ldr(X12, X11, STATE);
    a.cmp(X12, READY);
    a.bne(next);
    a.mov(X12, RUNNING);
    a.str(X12, X11, STATE);
    a.str(X11, X9, 0);
    a.eor(X0, X10, X11, "false, if it is the caller itself");
    a.bind(a.label("switch"));
    a.mov(X12, SP);
    a.str(X12, X10, 0);
    a.stp(X19, X20, X10, 8);
    a.stp(X21, X22, X10, 24);
    a.stp(X23, X24, X10, 40);
    a.stp(X25, X26, X10, 56);
    a.stp(X27, X28, X10, 72);
    a.stp(X29, X30, X10, 88);
    a.stp(D8, D9, X10, 104);
    a.stp(D10, D11, X10, 120);
    a.stp(D12, D13, X10, 136);
    a.stp(D14, D15, X10, 152);
    a.ldr(X12, X11, 0);
    a.mov(SP, X12);
    a.ldp(X19, X20, X11, 8);
    a.ldp(X21, X22, X11, 24);
    a.ldp(X23, X24, X11, 40);
    a.ldp(X25, X26, X11, 56);
    a.ldp(X27, X28, X11, 72);
    a.ldp(X29, X30, X11, 88);
    a.ldp(D8, D9, X11, 104);
    a.ldp(D10, D11, X11, 120);
    a.ldp(D12, D13, X11, 136);
    a.ldp(D14, D15, X11, 152);
    a.ret();
    a.routine("trampoline");
    a.blr(X19, "the thread's function");
    // The guard, to which it returns.
    a.mov(X9, CURRENT.address());
    a.ldr(X10, X9, 0);
    a.mov(X11, X10);
    a.str(XZR, X10, STATE, "available");
    a.b(next, "for good");
    thread(a, tYield, 1, 10);
    thread(a, tYield, 2, 15);
    return a.finish();
  }

  private static void thread(Aarch64Assembler a, Label tYield, int id, int count) {
    Label loop = a.label("loop" + id);
    a.routine("thread" + id);
    a.stpPre(X19, X30, SP, -16);
    a.mov(X19, 0);
    print(a, "THREAD " + id + " STARTING\n");
    a.bind(loop);
    print(a, "thread: " + id + " counter: %ld\n");
    a.bl(tYield);
    a.add(X19, X19, 1);
    a.cmp(X19, count);
    a.bne(loop);
    print(a, "THREAD " + id + " FINISHED\n");
    a.ldpPost(X19, X30, SP, 16);
    a.ret("to guard");
  }

  private static void print(Aarch64Assembler a, String format) {
    a.mov(X0, 1, "standard output");
    a.mov(X1, Arena.global().allocateFrom(format).address());
    a.mov(X2, X19, "the counter, where the format shows it");
    a.mov(X9, DPRINTF);
    a.blr(X9);
  }
}
