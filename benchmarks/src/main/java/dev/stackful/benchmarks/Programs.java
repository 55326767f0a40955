package dev.stackful.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Programs that print a number each, compared: they run in turn, several times. */
final class Programs {
  private Programs() {}

  /**
   * A program.
   *
   * @param name for the table
   * @param command runs it; the first line that it prints is the number
   */
  record Program(String name, List<String> command) {}

  /**
   * Runs all of them, and prints a table.
   *
   * @param programs those that are compared, and first of them ours
   * @param what is measured, in words
   * @param unit of the numbers
   * @throws IOException if one of them fails; the message has its command
   */
  static void compare(
      List<Program> programs,
      int rounds,
      String what,
      String unit,
      PrintStream table,
      PrintStream progress)
      throws IOException, InterruptedException {
    Comparison comparison = new Comparison(programs.getFirst().name());
    for (int round = 1; round <= rounds; round++) {
      progress.printf("round %d of %d%n", round, rounds);
      for (Program program : programs) {
        comparison.add(program.name(), Double.parseDouble(firstLine(program.command())));
      }
    }
    table.printf(
        "Processor: %s; load of the machine at the end: %s%n%n",
        SavedRatios.thisProcessor(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    comparison.print(what, unit, table);
  }

  /**
   * Runs a command, and returns the first line that it has printed.
   *
   * @throws IOException if it fails or prints nothing
   */
  static String firstLine(List<String> command) throws IOException, InterruptedException {
    return output(new ProcessBuilder(command))
        .flatMap(output -> output.lines().findFirst())
        .orElseThrow(() -> new IOException("it has failed: " + command));
  }

  /** What a command has printed; empty if there is none of its name, or it fails. */
  static Optional<String> output(ProcessBuilder command) throws IOException, InterruptedException {
    Process process;
    try {
      process = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return Optional.empty();
    }
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
  }
}
