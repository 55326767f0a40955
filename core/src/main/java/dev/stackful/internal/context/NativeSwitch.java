package dev.stackful.internal.context;

import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.os.Downcall;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.VirtualMemory;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The routines of native coroutines, emitted, mapped and linked for the processor that this JVM
 * runs on.
 *
 * <p>Unlike {@link ContextSwitch}'s, these may be critical downcalls: no Java frame is ever on a
 * stack that they leave suspended, so there is nothing that a safepoint would have to walk. It must
 * wait, though, until the downcall returns.
 */
public final class NativeSwitch {
  private static final MemorySegment RESUME_FUNCTION;
  private static final MethodHandle RESUME;
  private static final MethodHandle RESUME_CRITICAL;
  static final long RESUME_ENTRY;
  static final long TRAMPOLINE;
  static final long CALLBACK;
  static final long YIELD_VALUE;
  static final long TRAP;
  private static final byte[] THUNK;

  static {
    Isa isa = Isa.current().orElseThrow(() -> new IllegalStateException("unknown os.arch"));
    Listing listing = NativeRoutines.emit(isa);
    long code = VirtualMemory.mapCode(listing.bytes()).address();
    MemorySegment resume = MemorySegment.ofAddress(code + listing.offsetOf(NativeRoutines.RESUME));
    RESUME_FUNCTION = resume;
    RESUME_ENTRY = resume.address();
    FunctionDescriptor ofContext = FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG);
    RESUME = Linker.nativeLinker().downcallHandle(resume, ofContext);
    RESUME_CRITICAL =
        Linker.nativeLinker()
            .downcallHandle(
                resume, ofContext, Linker.Option.critical(/* allowHeapAccess= */ false));
    TRAMPOLINE = code + listing.offsetOf(NativeRoutines.TRAMPOLINE);
    CALLBACK = code + listing.offsetOf(NativeRoutines.CALLBACK);
    YIELD_VALUE = code + listing.offsetOf(NativeRoutines.YIELD_VALUE);
    TRAP = code + listing.offsetOf(NativeRoutines.TRAP);
    THUNK = bytesOf(listing, NativeRoutines.THUNK);
  }

  private NativeSwitch() {}

  private static byte[] bytesOf(Listing listing, String routine) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Line line : listing.linesOf(routine)) {
      line.bytes().forEach(bytes::write);
    }
    return bytes.toByteArray();
  }

  /** {@link #resume}, as C calls it: {@code void resume(void *context)}. */
  public static MemorySegment resumeFunction() {
    return RESUME_FUNCTION;
  }

  /** The code of one thunk; a copy. */
  static byte[] thunk() {
    return THUNK.clone();
  }

  /**
   * Goes on with a coroutine, until it is suspended again. The caller must hold the claim on it.
   *
   * @param context the address of its native context
   */
  public static void resume(long context) {
    try {
      RESUME.invokeExact(context);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /** The same by a critical downcall: cheaper, but until it returns no safepoint is reached. */
  public static void resumeCritical(long context) {
    try {
      RESUME_CRITICAL.invokeExact(context);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }
}
