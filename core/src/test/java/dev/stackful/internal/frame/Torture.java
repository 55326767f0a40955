package dev.stackful.internal.frame;

import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.os.Downcall;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.OperatingSystem;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A routine that calls another one, again and again, with a pattern in every register that the
 * callee must preserve, and looks after each call whether they are all as they were.
 *
 * <p>Since no register is left to hold anything, the routine has the addresses and the patterns as
 * constants in its code: each side of a switch has a routine of its own. The patterns change from
 * round to round, so that a value from an earlier switch is found out too.
 */
public final class Torture {
  // What a routine keeps in memory.
  static final int ROUNDS = 0;
  static final int SP = 8;
  static final int CALLERS_FP_CONTROL = 16;
  static final int FP_CONTROL = 24;
  static final int FP_CONTROL_SEEN = 32;

  private static final long BLOCK_BYTES = 64;
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  /**
   * What a routine is made for.
   *
   * @param target the routine that it calls, in every round with the same two arguments
   * @param seed the first register's pattern; the others' follow from it
   * @param fpControl MXCSR and above it the x87 control word; or FPCR
   * @param checkPlatformRegister whether x18 must come back too
   */
  public record Plan(
      long target,
      long first,
      long second,
      long seed,
      long fpControl,
      boolean checkPlatformRegister) {
    /** The pattern of the register with this number, before the round is mixed in. */
    long pattern(int register) {
      return seed * (2L * register + 1) ^ Long.rotateLeft(seed, register);
    }
  }

  /** An error in the switch, which the torture must find. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Planted(String register, byte[] code) {}

  private final MemorySegment block =
      OperatingSystem.require().map(OperatingSystem.require().pageSizeBytes());
  private final long address;
  private final MethodHandle routine;
  private final List<String> names;

  private Torture(Isa isa, Plan plan) {
    MemorySegment fields = block.asSlice(0, BLOCK_BYTES);
    fields.set(ValueLayout.JAVA_LONG, FP_CONTROL, plan.fpControl());
    List<String> checks = new ArrayList<>();
    byte[] code =
        switch (isa) {
          case AMD64 -> Amd64Torture.emit(plan, block.address(), checks);
          case AARCH64 -> Aarch64Torture.emit(plan, block.address(), checks);
        };
    this.names = List.copyOf(checks);
    this.address = OperatingSystem.require().mapCode(code).address();
    this.routine =
        Linker.nativeLinker()
            .downcallHandle(
                MemorySegment.ofAddress(address), FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  public static Torture of(Isa isa, Plan plan) {
    return new Torture(isa, plan);
  }

  /** Every error of the kind "this register is not restored", planted in a routine. */
  public static List<Planted> plantErrors(Isa isa, Listing routines, String routine) {
    return switch (isa) {
      case AMD64 -> Amd64Torture.plantErrors(routines, routine);
      case AARCH64 -> Aarch64Torture.plantErrors(routines, routine);
    };
  }

  /** Floating-point control that differs from what the JVM runs with; of two kinds. */
  public static long fpControl(Isa isa, int kind) {
    return switch (isa) {
      // Rounding in bits 13 and 14 of MXCSR, in 10 and 11 of the x87 control word.
      case AMD64 -> (0x1f80L | (kind + 1L) << 13) | (0x037fL | (kind + 1L) << 10) << Integer.SIZE;
      // Rounding in bits 22 and 23 of FPCR.
      case AARCH64 -> (kind + 1L) << 22;
    };
  }

  /**
   * Runs so many rounds on the calling thread.
   *
   * @return empty, or the first register that was not as it should be
   */
  public String run(long rounds) {
    prepare(rounds);
    long failed;
    try {
      failed = (long) routine.invokeExact();
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
    return nameOf(failed);
  }

  /** The routine's own address, for somebody else to call; see {@link #prepare}. */
  public long address() {
    return address;
  }

  /** Says how many rounds the next call of the routine runs. */
  public void prepare(long rounds) {
    LONG.setRelease(block, (long) ROUNDS, rounds);
  }

  /** What the routine's result means: empty, or the first register that was wrong. */
  public String nameOf(long result) {
    return result == 0 ? "" : names.get((int) result - 1);
  }

  /** How many rounds are still to go; for another thread to watch. */
  public long roundsLeft() {
    return (long) LONG.getAcquire(block, (long) ROUNDS);
  }
}
