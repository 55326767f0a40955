package dev.stackful.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The C functions in src/test/c, compiled.
 *
 * <p>The system property {@code stackful.test.c} names the library where it was compiled before, as
 * for another processor. Else a C compiler on the PATH makes it. Where there is none, a test that
 * asks for it is skipped; with {@code -Dstackful.test.requireCompiler=true} it fails instead.
 */
public final class CompiledC {
  /** Names the library. */
  public static final String LIBRARY = "stackful.test.c";

  private static final String REQUIRED = "stackful.test.requireCompiler";

  /** Maven runs the tests in the module's folder, the console launcher in whatever it is called. */
  private static final Path SOURCE =
      Stream.of("src/test/c", "core/src/test/c")
          .map(folder -> Path.of(folder, "foreign_coroutine.c"))
          .filter(Files::exists)
          .findFirst()
          .orElse(Path.of("core/src/test/c/foreign_coroutine.c"));

  private static final long TIME_LIMIT_SECONDS = 60;

  private static Optional<Path> library = Optional.empty();

  private CompiledC() {}

  /** The functions; skips the calling test if they can't be had. */
  public static SymbolLookup lookup() {
    return SymbolLookup.libraryLookup(library(), Arena.global());
  }

  /** One function. */
  public static MemorySegment function(String name) {
    return lookup().find(name).orElseThrow(() -> new AssertionError("no C function " + name));
  }

  /** The shared library; skips the calling test if it can't be had. */
  public static synchronized Path library() {
    if (library.isEmpty()) {
      String given = System.getProperty(LIBRARY);
      library = Optional.of(given != null ? Path.of(given) : compileOrSkip());
    }
    return library.get();
  }

  private static Path compileOrSkip() {
    try {
      Path output = Files.createTempFile("stackful-test", ".so");
      output.toFile().deleteOnExit();
      for (String compiler : List.of("cc", "gcc", "clang")) {
        if (compile(compiler, output)) {
          return output;
        }
      }
      String message = "no C compiler on the PATH";
      return Boolean.getBoolean(REQUIRED) ? fail(message) : abort(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** False if there is no such compiler. */
  private static boolean compile(String compiler, Path output)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(compiler, "-O1", "-shared", "-fPIC", "-o", output.toString(), SOURCE.toString());
    Process process;
    try {
      process = new ProcessBuilder(command).inheritIO().start();
    } catch (IOException e) {
      return false;
    }
    if (!process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      fail(command + " failed");
    }
    return true;
  }
}
