package dev.stackful.internal.foreign;

import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.frame.MappedRoutines;
import dev.stackful.internal.os.Downcall;
import dev.stackful.internal.os.Isa;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The routines of foreign coroutines, emitted, mapped and linked for the processor that this JVM
 * runs on.
 *
 * <p>Unlike {@link ContextSwitch}'s, these may be critical downcalls: no Java frame is ever on a
 * stack that they leave suspended, so there is nothing that a safepoint would have to walk. It must
 * wait, though, until the downcall returns.
 */
public final class ForeignSwitch {
  private static final MemorySegment RESUME_FUNCTION;
  private static final MethodHandle RESUME;
  private static final MethodHandle RESUME_CRITICAL;
  static final long RESUME_ENTRY;
  static final long TRAMPOLINE;
  static final long CALLBACK;
  static final long CALLBACK_OF_INTEGERS;
  static final long YIELD_VALUE;
  static final long TRAP;
  private static final byte[] THUNK;

  static {
    Listing listing = ForeignRoutines.emit(Isa.require());
    MappedRoutines routines = MappedRoutines.map(listing);
    RESUME_FUNCTION = routines.entry(ForeignRoutines.RESUME);
    RESUME_ENTRY = RESUME_FUNCTION.address();
    FunctionDescriptor ofContext =
        FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    RESUME = routines.link(ForeignRoutines.RESUME, ofContext);
    RESUME_CRITICAL =
        routines.link(
            ForeignRoutines.RESUME,
            ofContext,
            Linker.Option.critical(/* allowHeapAccess= */ false));
    TRAMPOLINE = routines.entry(ForeignRoutines.TRAMPOLINE).address();
    CALLBACK = routines.entry(ForeignRoutines.CALLBACK).address();
    CALLBACK_OF_INTEGERS = routines.entry(ForeignRoutines.CALLBACK_OF_INTEGERS).address();
    YIELD_VALUE = routines.entry(ForeignRoutines.YIELD_VALUE).address();
    TRAP = routines.entry(ForeignRoutines.TRAP).address();
    THUNK = bytesOf(listing, ForeignRoutines.THUNK);
  }

  private ForeignSwitch() {}

  private static byte[] bytesOf(Listing listing, String routine) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Line line : listing.linesOf(routine)) {
      line.bytes().forEach(bytes::write);
    }
    return bytes.toByteArray();
  }

  /** {@link #resume}, as C calls it: {@code long resume(void *context)}. */
  public static MemorySegment resumeFunction() {
    return RESUME_FUNCTION;
  }

  /** The code of one thunk; a copy. */
  static byte[] thunk() {
    return THUNK.clone();
  }

  /**
   * Resumes a coroutine, and returns when it is suspended again. The caller must hold its claim.
   *
   * @param context the address of its foreign context
   * @return the event, which stands in the context too
   */
  public static long resume(long context) {
    try {
      return (long) RESUME.invokeExact(context);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /** The same by a critical downcall: cheaper, but until it returns no safepoint is reached. */
  public static long resumeCritical(long context) {
    try {
      return (long) RESUME_CRITICAL.invokeExact(context);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }
}
