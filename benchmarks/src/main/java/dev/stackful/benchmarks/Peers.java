package dev.stackful.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The library made of peers.cpp. {@code stackful bench} compiles it, where there is a C++ compiler
 * with Boost.Context, and says where it is; without it the benchmarks that need it are left out.
 */
final class Peers {
  private static final String PROPERTY = "stackful.bench.peers";

  private Peers() {}

  static boolean areThere() {
    return System.getProperty(PROPERTY) != null;
  }

  static MemorySegment address(String function) {
    return SymbolLookup.libraryLookup(Path.of(System.getProperty(PROPERTY)), Arena.global())
        .findOrThrow(function);
  }

  static MethodHandle downcall(String function, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(address(function), descriptor);
  }
}
