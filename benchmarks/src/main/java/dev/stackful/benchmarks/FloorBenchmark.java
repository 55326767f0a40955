package dev.stackful.benchmarks;

import dev.stackful.internal.asm.Aarch64Assembler;
import dev.stackful.internal.asm.Amd64Assembler;
import dev.stackful.internal.asm.Label;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.frame.MappedRoutines;
import dev.stackful.internal.os.Isa;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a round trip can't leave out, each alone, in machine code that does it a thousand times: the
 * write of the thread pointer, and the return that the processor predicts wrongly as it goes to
 * another place than where the last call came from. The third, a downcall's transition, is {@link
 * RawSwitchBenchmark#downcall}. A round trip has two of each.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FloorBenchmark {
  private static final int TIMES = 1_000;
  private static final String WRITES = "threadPointerWrites";
  private static final String MISPREDICTED = "mispredictedReturns";
  private static final String PREDICTED = "predictedReturns";

  private static final MethodHandle THREAD_POINTER_WRITES;
  private static final MethodHandle MISPREDICTED_RETURNS;
  private static final MethodHandle PREDICTED_RETURNS;

  static {
    MappedRoutines routines =
        MappedRoutines.map(
            switch (Isa.require()) {
              case AMD64 -> Amd64.emit();
              case AARCH64 -> Aarch64.emit();
            });
    FunctionDescriptor times = FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG);
    THREAD_POINTER_WRITES = routines.link(WRITES, times);
    MISPREDICTED_RETURNS = routines.link(MISPREDICTED, times);
    PREDICTED_RETURNS = routines.link(PREDICTED, times);
  }

  /** Routines with a number of times in rdi. */
  private static final class Amd64 {
    static Listing emit() {
      Amd64Assembler a = new Amd64Assembler("x86-64");
      a.routine(WRITES);
      a.rdfsbase(Amd64Assembler.Reg.RAX);
      Label write = a.label("write");
      a.bind(write);
      a.wrfsbase(Amd64Assembler.Reg.RAX);
      a.sub(Amd64Assembler.Reg.RDI, 1);
      a.jne(write);
      a.ret();
      returns(a, MISPREDICTED, true);
      returns(a, PREDICTED, false);
      return a.finish();
    }

    /** Calls a function that takes its return address off the stack, and returns to another. */
    private static void returns(Amd64Assembler a, String name, boolean elsewhere) {
      Label again = a.label(name + ".again");
      Label callee = a.label(name + ".callee");
      a.routine(name);
      a.bind(again);
      a.call(callee);
      a.ud2("the return goes elsewhere");
      a.sub(Amd64Assembler.Reg.RDI, 1);
      a.jne(again);
      a.ret();
      a.bind(callee);
      a.pop(Amd64Assembler.Reg.RAX, "where the call came from: ud2");
      a.lea(Amd64Assembler.Reg.RAX, Amd64Assembler.Mem.at(Amd64Assembler.Reg.RAX, UD2_BYTES));
      if (elsewhere) {
        a.push(Amd64Assembler.Reg.RAX);
        a.ret("predicted to go to ud2");
      } else {
        a.jmp(Amd64Assembler.Reg.RAX, "predicted by where it went the last time");
      }
    }

    private static final int UD2_BYTES = 2;
  }

  /** Routines with a number of times in x0. */
  private static final class Aarch64 {
    static Listing emit() {
      Aarch64Assembler a = new Aarch64Assembler("AArch64");
      a.routine(WRITES);
      a.btiC();
      a.mrsTpidr(Aarch64Assembler.Reg.X9);
      Label write = a.label("write");
      a.bind(write);
      a.msrTpidr(Aarch64Assembler.Reg.X9);
      a.sub(Aarch64Assembler.Reg.X0, Aarch64Assembler.Reg.X0, 1);
      a.cbnz(Aarch64Assembler.Reg.X0, write);
      a.ret();
      returns(a, MISPREDICTED, true);
      returns(a, PREDICTED, false);
      return a.finish();
    }

    private static void returns(Aarch64Assembler a, String name, boolean elsewhere) {
      Label again = a.label(name + ".again");
      Label callee = a.label(name + ".callee");
      a.routine(name);
      a.btiC();
      a.mov(Aarch64Assembler.Reg.X9, Aarch64Assembler.Reg.X30, "where the routine returns");
      a.bind(again);
      a.bl(callee);
      a.brk(0, "the return goes elsewhere");
      a.sub(Aarch64Assembler.Reg.X0, Aarch64Assembler.Reg.X0, 1);
      a.cbnz(Aarch64Assembler.Reg.X0, again);
      a.mov(Aarch64Assembler.Reg.X30, Aarch64Assembler.Reg.X9);
      a.ret();
      a.bind(callee);
      a.add(Aarch64Assembler.Reg.X30, Aarch64Assembler.Reg.X30, Integer.BYTES);
      if (elsewhere) {
        a.ret("predicted to go to brk");
      } else {
        a.br(Aarch64Assembler.Reg.X30, "predicted by where it went the last time");
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public void threadPointerWrite() throws Throwable {
    THREAD_POINTER_WRITES.invokeExact((long) TIMES);
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public void mispredictedReturn() throws Throwable {
    MISPREDICTED_RETURNS.invokeExact((long) TIMES);
  }

  /** The same with a jump that is predicted: what of {@link #mispredictedReturn} isn't that. */
  @Benchmark
  @OperationsPerInvocation(TIMES)
  public void predictedReturn() throws Throwable {
    PREDICTED_RETURNS.invokeExact((long) TIMES);
  }
}
