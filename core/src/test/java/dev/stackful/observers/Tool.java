package dev.stackful.observers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that look at a JVM from outside. */
final class Tool {
  private static final long LIMIT_SECONDS = 60;

  private Tool() {}

  /** One of the running JDK's commands, which a JRE lacks. */
  static Path ofJdk(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name);
  }

  /**
   * Runs a command to its end.
   *
   * @return its exit status; -1 if it took too long
   */
  static int run(Path output, List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The same, with what it printed; whatever its status. */
  static String print(Path output, List<String> command) throws IOException, InterruptedException {
    return run(output, command) == -1 ? "" : Files.readString(output);
  }
}
