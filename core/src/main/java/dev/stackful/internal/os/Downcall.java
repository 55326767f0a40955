package dev.stackful.internal.os;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * What every caller of a downcall handle needs. There are two types for all functions, though most
 * take less, or an int, or return nothing: each type costs the JDK's linker several milliseconds,
 * once. All ABIs let a function ignore an argument's register and the upper half of it, and a
 * caller the result's.
 */
public final class Downcall {
  /** For a function of up to two arguments, none of them a floating-point number. */
  public static final FunctionDescriptor TWO_LONGS =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);

  /** For one of up to six, which is as many as go into registers on x86-64. */
  static final FunctionDescriptor SIX_LONGS =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private Downcall() {}

  /** A handle that calls a function. */
  static MethodHandle link(MemorySegment function, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(function, type);
  }

  /**
   * Throws again what came out of {@code invokeExact}. A downcall declares {@code Throwable} but
   * can only end in an {@link Error}, such as a stack overflow before it has begun.
   */
  public static RuntimeException rethrow(Throwable t) {
    if (t instanceof Error e) {
      throw e;
    }
    if (t instanceof RuntimeException e) {
      throw e;
    }
    throw new AssertionError("a downcall throws no checked exception", t);
  }
}
