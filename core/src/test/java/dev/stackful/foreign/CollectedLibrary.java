package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Suspends a function of a library that the collector unloads once nothing refers to it any more,
 * and keeps nothing of the library but the coroutine.
 *
 * <p>Arguments: the library of C functions.
 */
public final class CollectedLibrary {
  private static final int COLLECTIONS = 10;

  private CollectedLibrary() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    try (ForeignCoroutine c = ForeignCoroutine.ofConfined()) {
      start(c, Path.of(arguments[0]));
      require(c.resume(), "no first yield");
      require(isMapped(arguments[0]), "the library has another name in /proc/self/maps");
      collect(arguments[0], COLLECTIONS);
      require(c.resume(1) && !c.resume(2), "not two yields");
      require(c.result().equals(3L), "not the sum of the answers");
      System.out.println("suspended, it stayed");
      collect(arguments[0], 100);
      require(!isMapped(arguments[0]), "the library is still there after the function's end");
    }
  }

  private static void start(ForeignCoroutine c, Path library) {
    c.start(
        SymbolLookup.libraryLookup(library, Arena.ofAuto()).find("count_up").orElseThrow(),
        FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG),
        c.yielder().function(),
        2L);
  }

  private static void collect(String library, int most) throws Exception {
    for (int i = 0; i < most && isMapped(library); i++) {
      System.gc();
      Thread.sleep(20); // the collector's cleaner unloads it
    }
  }

  private static boolean isMapped(String library) throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains(library);
  }

  private static void require(boolean so, String what) {
    if (!so) {
      throw new AssertionError(what);
    }
  }
}
