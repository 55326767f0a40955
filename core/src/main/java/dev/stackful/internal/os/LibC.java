package dev.stackful.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
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
  private static final MethodHandle STRLEN = link("strlen", Downcall.TWO_LONGS);

  private LibC() {}

  /** A handle that calls a function of the C library. */
  static MethodHandle link(String function, FunctionDescriptor type) {
    Optional<MemorySegment> address = LOOKUP.find(function);
    if (address.isEmpty()) {
      throw new UnsatisfiedLinkError("the C library has no function " + function);
    }
    return Downcall.link(address.get(), type);
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
    long[] block = new long[SystemCallRoutine.BLOCK_LONGS];
    block[0] = call.number(ISA);
    System.arraycopy(arguments, 0, block, 1, arguments.length);
    try (Arena arena = Arena.ofConfined()) {
      return (long)
          SystemCallRoutine.HANDLE.invokeExact(
              arena.allocateFrom(ValueLayout.JAVA_LONG, block).address(), 0L);
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
    Optional<MemorySegment> function = LOOKUP.find("gnu_get_libc_version");
    if (function.isEmpty()) {
      return Optional.empty();
    }
    MethodHandle handle = Downcall.link(function.get(), Downcall.TWO_LONGS);
    try {
      return Optional.of(textAt((long) handle.invokeExact(0L, 0L)));
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /**
   * The file whose code lies at an address, as the dynamic linker knows it (dladdr(3)); empty if
   * there is none.
   */
  static Optional<String> fileOf(long address) {
    MethodHandle dladdr = link("dladdr", Downcall.TWO_LONGS);
    try (Arena arena = Arena.ofConfined()) {
      // Dl_info: the file's name, its base; a symbol's name, its address.
      MemorySegment info = arena.allocate(4L * Long.BYTES, Long.BYTES);
      int found = (int) (long) dladdr.invokeExact(address, info.address());
      return found == 0
          ? Optional.empty()
          : Optional.of(textAt(VirtualMemory.longAt(info.address())));
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /** The text of a C string. */
  private static String textAt(long address) throws Throwable {
    long length = (long) STRLEN.invokeExact(address, 0L);
    return new String(VirtualMemory.bytesAt(address, (int) length), StandardCharsets.UTF_8);
  }
}
