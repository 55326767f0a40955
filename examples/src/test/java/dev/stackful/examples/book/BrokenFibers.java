package dev.stackful.examples.book;

import static dev.stackful.internal.asm.Aarch64Assembler.Reg.*;
import static dev.stackful.internal.asm.Aarch64Assembler.VReg.*;
import static dev.stackful.internal.asm.Amd64Assembler.Mem.at;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.*;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stackful.internal.asm.Aarch64Assembler;
import dev.stackful.internal.asm.Amd64Assembler;
import dev.stackful.internal.asm.Amd64Assembler.Reg;
import dev.stackful.internal.asm.Assembler;
import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.frame.MappedRoutines;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.OperatingSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The book's fibers with a mistake each, which the article tells of; each in a JVM of its own. An
 * instruction that a mistake leaves out is overwritten with a no-op.
 *
 * <p>Arguments: which mistake; without one, how it goes without the mistake, in the same words.
 */
final class BrokenFibers {
  private static final boolean AMD64 = Isa.require() == Isa.AMD64;
  private static final MemorySegment CELL = Arena.global().allocate(JAVA_LONG);

  private final CFibers fibers = new CFibers();
  private final long tYield = fibers.code.entry("t_yield").address();
  private final boolean broken;

  private BrokenFibers(boolean broken) {
    this.broken = broken;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Throwable {
    BrokenFibers fibers = new BrokenFibers(arguments.length < 2);
    switch (arguments[0]) {
      case "forgotten" -> fibers.forgottenRegister();
      case "misaligned" -> fibers.misalignedStack();
      case "no-trampoline" -> fibers.noTrampoline();
      case "no-skip" -> fibers.noSkip();
      case "rounding" -> fibers.roundingMode();
      case "c-function" -> fibers.cFunction();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** What the first thread has in a callee-saved register comes to the second. */
  private void forgottenRegister() throws Throwable {
    if (broken) {
      leaveOut(AMD64 ? "rbx" : "d8, d9");
    }
    MappedRoutines threads = MappedRoutines.map(AMD64 ? amd64Rbx() : aarch64D8());
    fibers.spawn(threads.entry("first"));
    fibers.spawn(threads.entry("second"));
    fibers.run();
  }

  private Listing amd64Rbx() {
    Amd64Assembler a = new Amd64Assembler("threads that use rbx");
    a.routine("first");
    a.push(RBX);
    call(a, tYield);
    a.mov(RBX, 2);
    call(a, tYield);
    a.pop(RBX);
    a.ret();
    a.routine("second");
    a.push(RBX);
    a.mov(RBX, 1);
    call(a, tYield);
    print(a, "rbx is %ld\n", RBX);
    a.pop(RBX);
    a.ret();
    return a.finish();
  }

  private Listing aarch64D8() {
    Aarch64Assembler a = new Aarch64Assembler("threads that use d8");
    a.routine("first");
    a.stpPre(X29, X30, SP, -16);
    call(a, tYield);
    load(a, 2.5);
    call(a, tYield);
    a.ldpPost(X29, X30, SP, 16);
    a.ret();
    a.routine("second");
    a.stpPre(X29, X30, SP, -16);
    load(a, 1.5);
    call(a, tYield);
    a.fmov(X9, D8);
    a.fmov(D0, X9);
    print(a, "d8 is %.1f\n");
    a.ldpPost(X29, X30, SP, 16);
    a.ret();
    return a.finish();
  }

  /** The stack begins 8 bytes lower, and a C function stores vectors on it. */
  private void misalignedStack() throws Throwable {
    MemorySegment thread = fibers.spawn(MappedRoutines.map(printsADouble()).entry("f"));
    if (broken) {
      if (AMD64) {
        long top = thread.byteSize();
        MemorySegment.copy(thread, top - 32, thread, top - 40, 24);
      }
      thread.set(JAVA_LONG, 0, thread.get(JAVA_LONG, 0) - 8);
    }
    fibers.run();
  }

  private static Listing printsADouble() {
    if (AMD64) {
      Amd64Assembler a = new Amd64Assembler("prints a double");
      a.routine("f");
      a.push(RBX);
      a.mov(R11, CELL.address());
      a.movsd(0, at(R11, 0));
      print(a, "%.1f on its stack\n", RBX);
      a.pop(RBX);
      a.ret();
      return a.finish();
    }
    Aarch64Assembler a = new Aarch64Assembler("prints a double");
    a.routine("f");
    a.stpPre(X29, X30, SP, -16);
    a.fmov(D0, XZR);
    print(a, "%.1f on its stack\n");
    a.ldpPost(X29, X30, SP, 16);
    a.ret();
    return a.finish();
  }

  /** On AArch64 the switch itself returns to the function, whose own return comes to it again. */
  private void noTrampoline() throws Throwable {
    Aarch64Assembler a = new Aarch64Assembler("counts how often it is entered");
    a.routine("f");
    a.stpPre(X29, X30, SP, -16);
    print(a, "entered\n");
    a.mov(X9, CELL.address());
    a.ldr(X10, X9, 0);
    a.add(X10, X10, 1);
    a.str(X10, X9, 0);
    a.cmp(X10, 3);
    var less = a.label("less");
    a.bne(less);
    a.mov(X0, 42);
    call(a, symbol("_exit"));
    a.bind(less);
    a.ldpPost(X29, X30, SP, 16);
    a.ret();
    MemorySegment f = MappedRoutines.map(a.finish()).entry("f");
    MemorySegment thread = fibers.spawn(f);
    if (broken) {
      thread.set(JAVA_LONG, 96, f.address());
    }
    fibers.run();
    System.out.println("it has ended");
  }

  /** On x86-64 the function returns to the guard itself: where does the stack end there? */
  private void noSkip() throws Throwable {
    Amd64Assembler a = new Amd64Assembler("a guard that tells its stack pointer");
    a.routine("f");
    a.ret();
    a.routine("guard");
    a.mov(R11, CELL.address());
    a.mov(at(R11, 0), RSP);
    a.mov(R11, fibers.code.entry("guard").address());
    a.jmp(R11);
    MappedRoutines routines = MappedRoutines.map(a.finish());
    MemorySegment thread = fibers.spawn(routines.entry("f"));
    thread.set(
        JAVA_LONG, thread.byteSize() - (broken ? 24 : 16), routines.entry("guard").address());
    fibers.run();
    System.out.println("rsp % 16 is " + CELL.get(JAVA_LONG, 0) % 16);
  }

  /** What a thread sets in the floating-point control register, Java finds there. */
  private void roundingMode() throws Throwable {
    int upward = AMD64 ? 0x800 : 0x400000;
    Assembler function;
    if (AMD64) {
      Amd64Assembler a = new Amd64Assembler("rounds upward");
      a.routine("f");
      a.push(RBX);
      a.mov(RDI, upward);
      call(a, symbol("fesetround"));
      a.pop(RBX);
      a.ret();
      function = a;
    } else {
      Aarch64Assembler a = new Aarch64Assembler("rounds upward");
      a.routine("f");
      a.stpPre(X29, X30, SP, -16);
      a.mov(X0, upward);
      call(a, symbol("fesetround"));
      a.ldpPost(X29, X30, SP, 16);
      a.ret();
      function = a;
    }
    var get = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_INT));
    var set = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    MemorySegment getter = MemorySegment.ofAddress(symbol("fegetround"));
    MemorySegment setter = MemorySegment.ofAddress(symbol("fesetround"));
    int before = (int) get.invokeExact(getter);
    fibers.spawn(MappedRoutines.map(function.finish()).entry("f"));
    fibers.run();
    int after = (int) get.invokeExact(getter);
    int status = (int) set.invokeExact(setter, before);
    System.out.println(
        status == 0 && before == 0 && after == upward ? "Java rounds upward" : after);
  }

  /** A C function, and no other code, is a thread; its return is the thread's end. */
  private void cFunction() throws Throwable {
    var getenv = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ADDRESS, ADDRESS));
    MemorySegment address = MemorySegment.ofAddress(symbol("getenv"));
    MemorySegment path = Arena.global().allocateFrom("PATH");
    MemorySegment before = (MemorySegment) getenv.invokeExact(address, path);
    MemorySegment clearenv = MemorySegment.ofAddress(symbol("clearenv"));
    for (int i = 0; i < 3; i++) {
      fibers.spawn(clearenv);
    }
    try {
      fibers.spawn(clearenv);
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
    fibers.run();
    MemorySegment after = (MemorySegment) getenv.invokeExact(address, path);
    System.out.println("PATH " + (before.address() != 0) + ", then " + (after.address() != 0));
    fibers.spawn(clearenv); // where one has ended
    fibers.run();
    System.out.println("again");
  }

  /** Overwrites the instructions of the switch that name these registers. */
  private void leaveOut(String registers) throws Throwable {
    OperatingSystem system = OperatingSystem.require();
    Listing listing = AMD64 ? CFibers.amd64() : CFibers.aarch64();
    MemorySegment code = MemorySegment.ofAddress(tYield).reinterpret(system.pageSizeBytes());
    var mprotect =
        Linker.nativeLinker()
            .downcallHandle(
                MemorySegment.ofAddress(symbol("mprotect")),
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    int readAndWrite = 3;
    if ((int) mprotect.invokeExact(tYield, code.byteSize(), readAndWrite) != 0) {
      throw new IllegalStateException("mprotect failed");
    }
    List<Line> lines = listing.lines();
    int at =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).text().equals("switch:"))
            .findFirst()
            .getAsInt();
    int leftOut = 0;
    for (; !lines.get(at).text().equals("ret"); at++) {
      if (lines.get(at).text().contains(registers)) {
        int size = lines.get(at).bytes().size();
        byte[] noOps = AMD64 ? new byte[size] : new byte[] {0x1f, 0x20, 0x03, (byte) 0xd5};
        if (AMD64) {
          Arrays.fill(noOps, (byte) 0x90);
        }
        MemorySegment.copy(noOps, 0, code, JAVA_BYTE, lines.get(at).offset(), size);
        leftOut++;
      }
    }
    system.makeExecutable(code);
    if (leftOut != 2) {
      throw new IllegalStateException("a store and a load, not " + leftOut);
    }
  }

  private static long symbol(String name) {
    return Linker.nativeLinker().defaultLookup().findOrThrow(name).address();
  }

  private static void call(Amd64Assembler a, long function) {
    a.mov(R11, function);
    a.call(R11);
  }

  private static void call(Aarch64Assembler a, long function) {
    a.mov(X9, function);
    a.blr(X9);
  }

  /** Prints an integer, or the double in xmm0. */
  private static void print(Amd64Assembler a, String format, Reg integer) {
    a.mov(RDI, 1);
    a.mov(RSI, Arena.global().allocateFrom(format).address());
    a.mov(RDX, integer);
    a.mov(RAX, 1, "one argument in a vector register");
    call(a, symbol("dprintf"));
  }

  /** Prints the double in d0, if anything. */
  private static void print(Aarch64Assembler a, String format) {
    a.mov(X0, 1);
    a.mov(X1, Arena.global().allocateFrom(format).address());
    call(a, symbol("dprintf"));
  }

  private static void load(Aarch64Assembler a, double value) {
    a.mov(X9, Double.doubleToLongBits(value));
    a.fmov(D8, X9);
  }
}
