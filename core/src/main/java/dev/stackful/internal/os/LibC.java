package dev.stackful.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * The few functions of the C library that everything else in this package is made of. Initialising
 * this class fails with an {@link IllegalCallerException} as the cause where native access is
 * denied, so only code behind the start-up checks touches it.
 */
public final class LibC {
  private static final Isa ISA = Isa.require();
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LOOKUP = LINKER.defaultLookup();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** That of the engine's routines, too: each type costs the linker several milliseconds, once. */
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          address("syscall"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(1));

  private static final MethodHandle GETAUXVAL = LINKER.downcallHandle(address("getauxval"), TYPE);

  private LibC() {}

  private static MemorySegment address(String function) {
    return LOOKUP
        .find(function)
        .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + function));
  }

  /** The address of a function or variable of the C library, if it has it. */
  static Optional<MemorySegment> find(String symbol) {
    return LOOKUP.find(symbol);
  }

  /**
   * Makes a system call.
   *
   * @return what the kernel returned: on failure the negated {@code errno}
   */
  static long syscall(SystemCall call, long... arguments) {
    long[] a = java.util.Arrays.copyOf(arguments, 6);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      long number = call.number(ISA);
      long result = (long) SYSCALL.invokeExact(state, number, a[0], a[1], a[2], a[3], a[4], a[5]);
      return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /** An entry of the auxiliary vector (getauxval(3)), or 0 where the kernel gave none. */
  static long getauxval(long type) {
    try {
      return (long) GETAUXVAL.invokeExact(type, 0L);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /** Offers the processor to another thread (sched_yield(2)). */
  public static void schedYield() {
    syscall(SystemCall.SCHED_YIELD);
  }

  /** glibc's version, such as 2.36; empty with any other C library. */
  public static Optional<String> glibcVersion() {
    return LOOKUP
        .find("gnu_get_libc_version")
        .map(
            function -> {
              MethodHandle handle = LINKER.downcallHandle(function, TYPE);
              try {
                long text = (long) handle.invokeExact(0L, 0L);
                return VirtualMemory.ALL.getString(text);
              } catch (Throwable t) {
                throw Downcall.rethrow(t);
              }
            });
  }
}
