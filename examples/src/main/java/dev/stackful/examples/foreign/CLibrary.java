package dev.stackful.examples.foreign;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** A library of the system's, and what the examples need to call it. */
final class CLibrary {
  /** A {@code char *}. */
  static final AddressLayout C_STRING =
      ValueLayout.ADDRESS.withTargetLayout(
          MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));

  /** A {@code char **}: any number of strings, one after the other. */
  static final AddressLayout C_STRINGS =
      ValueLayout.ADDRESS.withTargetLayout(
          MemoryLayout.sequenceLayout(Long.MAX_VALUE / C_STRING.byteSize(), C_STRING));

  private final SymbolLookup symbols;
  private final String name;

  private CLibrary(SymbolLookup symbols, String name) {
    this.symbols = symbols;
    this.name = name;
  }

  /**
   * Loads a library for the rest of the program.
   *
   * @param name the file's, as the dynamic linker looks for it
   * @param debianPackage where it is to be had
   * @throws UnsatisfiedLinkError if there is none
   */
  static CLibrary load(String name, String debianPackage) {
    try {
      return new CLibrary(SymbolLookup.libraryLookup(name, Arena.global()), name);
    } catch (IllegalArgumentException e) {
      UnsatisfiedLinkError error =
          new UnsatisfiedLinkError(name + " is missing (Debian's package " + debianPackage + ")");
      error.initCause(e);
      throw error;
    }
  }

  /** The address of a function. */
  MemorySegment address(String function) {
    return symbols
        .find(function)
        .orElseThrow(() -> new UnsatisfiedLinkError(name + " has no function " + function));
  }

  /** A handle to call a function by. */
  MethodHandle downcall(String function, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(address(function), descriptor);
  }

  /** What a {@code char *} points at, or null. */
  static @Nullable String string(MemorySegment pointer) {
    return pointer.address() == 0 ? null : pointer.getString(0);
  }

  /** The string at an index of a {@code char **}, or null. */
  static @Nullable String string(MemorySegment pointers, int index) {
    return string(pointers.getAtIndex(C_STRING, index));
  }

  /** A downcall throws nothing but errors. */
  static RuntimeException rethrow(Throwable t) {
    if (t instanceof Error e) {
      throw e;
    }
    if (t instanceof RuntimeException e) {
      throw e;
    }
    throw new AssertionError(t);
  }
}
