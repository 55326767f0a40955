package dev.stackful.benchmarks;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

/** A library of the system's that pushes, and what its benchmarks have in common. */
final class CLibrary {
  static final AddressLayout C_STRING =
      ValueLayout.ADDRESS.withTargetLayout(
          MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));

  static final AddressLayout C_STRINGS =
      ValueLayout.ADDRESS.withTargetLayout(
          MemoryLayout.sequenceLayout(Long.MAX_VALUE / C_STRING.byteSize(), C_STRING));

  private final SymbolLookup symbols;

  private CLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  static Optional<CLibrary> load(String name) {
    try {
      return Optional.of(new CLibrary(SymbolLookup.libraryLookup(name, Arena.global())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  MemorySegment address(String function) {
    return symbols.findOrThrow(function);
  }

  MethodHandle downcall(String function, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(address(function), descriptor);
  }

  /** A C function pointer to a method of an object. */
  static MemorySegment upcall(
      MethodHandles.Lookup lookup, Object object, String method, FunctionDescriptor descriptor) {
    try {
      return Linker.nativeLinker()
          .upcallStub(
              lookup.bind(object, method, descriptor.toMethodType()), descriptor, Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
