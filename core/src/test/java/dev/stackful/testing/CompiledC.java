package dev.stackful.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");
  private static final String SOURCE = "foreign_coroutine.c";

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
    requireCompiler();
    try {
      Path output = Files.createTempFile("stackful-test", ".so");
      output.toFile().deleteOnExit();
      compile(SOURCE, output);
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the calling test if there is no compiler. */
  public static void requireCompiler() {
    if (!canCompile()) {
      String message = "no C compiler on the PATH";
      String _ = Boolean.getBoolean(REQUIRED) ? fail(message) : abort(message);
    }
  }

  /** Whether there is a C compiler. */
  public static boolean canCompile() {
    return compiler().isPresent();
  }

  private static Optional<String> compiler() {
    return COMPILERS.stream()
        .filter(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))))
        .findFirst();
  }

  /** Makes a shared library of a file in src/test/c. */
  public static void compile(String source, Path output, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(compiler().orElseThrow(() -> new IOException("no C compiler on the PATH")));
    command.addAll(List.of("-O1", "-shared", "-fPIC"));
    command.addAll(List.of(options));
    command.addAll(List.of("-o", output.toString(), source(source).toString()));
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      if (!process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(command + " failed");
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Maven runs the tests in the module's folder, the console launcher in whatever it is called, and
   * {@code ./stackful} says where the repository is.
   */
  private static Path source(String name) {
    return Stream.of(System.getProperty("stackful.root", ".") + "/core", ".", "core")
        .map(folder -> Path.of(folder, "src/test/c", name))
        .filter(Files::exists)
        .findFirst()
        .orElse(Path.of("core/src/test/c", name));
  }
}
