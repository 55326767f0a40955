package dev.stackful.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The few functions of the C library that everything else in this package is made of. Initialising
 * this class fails with an {@link IllegalCallerException} as the cause where native access is
 * denied, so only code behind the start-up checks touches it.
 */
public final class LibC {
  private static final Isa ISA = Isa.require();
  private static final SymbolLookup LOOKUP = Linker.nativeLinker().defaultLookup();
  private static final MethodHandle GETAUXVAL = link("getauxval", Downcall.TWO_LONGS);

  private LibC() {}

  /** A handle that calls a function of the C library. */
  static MethodHandle link(String function, FunctionDescriptor type) {
    MemorySegment address =
        LOOKUP
            .find(function)
            .orElseThrow(
                () -> new UnsatisfiedLinkError("the C library has no function " + function));
    return Downcall.link(address, type);
  }

  /** The address of a function or variable of the C library, if it has it. */
  static Optional<MemorySegment> find(String symbol) {
    return LOOKUP.find(symbol);
  }

  /**
   * Makes a system call.
   *
   * @param arguments up to six
   * @return what the kernel returned: on failure the negated {@code errno}
   */
  static long syscall(SystemCall call, long... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(ValueLayout.JAVA_LONG, SystemCallRoutine.BLOCK_LONGS);
      block.set(ValueLayout.JAVA_LONG, 0, call.number(ISA));
      for (int i = 0; i < arguments.length; i++) {
        block.setAtIndex(ValueLayout.JAVA_LONG, i + 1L, arguments[i]);
      }
      return (long) SystemCallRoutine.HANDLE.invokeExact(block.address(), 0L);
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
              MethodHandle handle = Downcall.link(function, Downcall.TWO_LONGS);
              try {
                long text = (long) handle.invokeExact(0L, 0L);
                return VirtualMemory.ALL.getString(text);
              } catch (Throwable t) {
                throw Downcall.rethrow(t);
              }
            });
  }
}
