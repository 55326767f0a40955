package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
    printMachine(table);
    comparison.print(what, unit, table);
  }

  /** Prints which machine it is, and what else it has to do. */
  static void printMachine(PrintStream table) {
    table.printf(
        "Processor: %s; load of the machine at the end: %s%n%n",
        SavedRatios.thisProcessor(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** Runs a class of the benchmarks in a JVM of its own, with this library. */
  static List<String> java(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", placeOf(main) + ":" + placeOf(Coroutine.class), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Path placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no place of " + type, e);
    }
  }

  /** The same command on one processor alone. */
  static List<String> onOneProcessor(List<String> command) {
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", lastProcessor()));
    pinned.addAll(command);
    return pinned;
  }

  /** The last of those that this process may use, which interrupts mostly aren't for. */
  private static String lastProcessor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String allowed =
          lines
              .filter(line -> line.startsWith("Cpus_allowed_list:"))
              .map(line -> line.split("\\s+", 2)[1])
              .findFirst()
              .orElse("0");
      return Arrays.stream(allowed.split("[,-]")).reduce((a, b) -> b).orElse("0");
    } catch (IOException e) {
      return "0";
    }
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
