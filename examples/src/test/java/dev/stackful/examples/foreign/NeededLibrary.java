package dev.stackful.examples.foreign;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;

/** A library of the system's that a test calls, and without which it is skipped. */
public final class NeededLibrary {
  private NeededLibrary() {}

  /** Skips the calling test where SQLite is missing. */
  public static void sqlite() {
    require("libsqlite3.so.0");
  }

  /** Skips the calling test where Expat is missing. */
  public static void expat() {
    require("libexpat.so.1");
  }

  /** With {@code -Dstackful.test.requireLibraries=true} a missing one is a failure. */
  private static void require(String name) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(name, arena);
    } catch (IllegalArgumentException e) {
      if (Boolean.getBoolean("stackful.test.requireLibraries")) {
        fail(name + " is missing", e);
      }
      abort(name + " is missing");
    }
  }
}
