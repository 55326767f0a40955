package dev.stackful.foreign;

import dev.stackful.internal.os.ProcessMaps;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * Recognises upcall stubs, which must not be called on a coroutine's stack: HotSpot would run Java
 * code with a stack pointer outside the thread's bounds.
 *
 * <p>A stub is an address like any other, but it lies in HotSpot's code cache, and that is
 * anonymous memory which is writable and executable at once. Where a pointer lies in such memory, a
 * stub of our own tells whether that is the code cache, or the memory of another compiler in this
 * process. The mappings are read once: the code cache is reserved as a whole when the JVM starts.
 */
final class UpcallStubs {
  private static final List<ProcessMaps.Range> WRITABLE_CODE = ProcessMaps.writableCode();

  private UpcallStubs() {}

  /**
   * Lets pass whatever isn't one.
   *
   * @throws IllegalArgumentException if it is one
   */
  static void refuse(long address, String what) {
    for (ProcessMaps.Range range : WRITABLE_CODE) {
      if (range.contains(address) && range.contains(OwnStub.ADDRESS)) {
        throw new IllegalArgumentException(
            what
                + " is an upcall stub, and Java code can't run on a foreign coroutine's stack: pass"
                + " a callback of the coroutine, or run the C code in a dev.stackful.Coroutine");
      }
    }
  }

  /** Made only where it is needed. */
  private static final class OwnStub {
    static final long ADDRESS = make();

    private static long make() {
      MethodHandle nothing = MethodHandles.empty(MethodType.methodType(void.class));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment stub =
            Linker.nativeLinker().upcallStub(nothing, FunctionDescriptor.ofVoid(), arena);
        return stub.address();
      }
    }
  }
}
