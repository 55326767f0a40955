package dev.stackful.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program in a JVM of its own, with a time limit. The environment variable {@code
 * STACKFUL_JAVA} names the {@code java} to start, where that is not the running one.
 */
public final class OwnJvm {
  private OwnJvm() {}

  /** What a program printed, standard error included, and how it ended. */
  public record Result(int exitStatus, String output) {}

  public static Result run(
      Duration limit, List<String> flags, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java()));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("stackful-example", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "still running after " + limit + ": " + command + "\n" + Files.readString(output));
      }
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  private static String java() {
    String launcher = System.getenv("STACKFUL_JAVA");
    return launcher != null
        ? launcher
        : Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
