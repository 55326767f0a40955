package dev.stackful.internal.frame;

import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.os.OperatingSystem;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The routines of a listing, mapped as code that can be called. They stay mapped until the JVM
 * ends.
 */
public final class MappedRoutines {
  private final Listing listing;
  private final long code;

  private MappedRoutines(Listing listing, long code) {
    this.listing = listing;
    this.code = code;
  }

  /**
   * Maps the code of a listing, first to be written and then to be executed, never both at a time.
   *
   * @throws dev.stackful.internal.os.SystemCallException if the kernel refuses
   */
  public static MappedRoutines map(Listing listing) {
    return new MappedRoutines(
        listing, OperatingSystem.require().mapCode(listing.bytes()).address());
  }

  /** Where a routine's first instruction lies. */
  public MemorySegment entry(String routine) {
    return MemorySegment.ofAddress(code + listing.offsetOf(routine));
  }

  /**
   * A handle that calls a routine. Put it into a {@code static final} field, so that the compiler
   * turns a call of it into a direct one.
   */
  public MethodHandle link(
      String routine, FunctionDescriptor descriptor, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(entry(routine), descriptor, options);
  }
}
