package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command {@code stackful bench start-up}: how long a program waits for a generator's first
 * element, and for what of that is the JDK's linker up to its first downcall; each in JVMs of its
 * own, in turn, plainly, with an archive of its classes (CDS) and with an AOT cache (JEP 483, JEP
 * 515).
 */
final class StartUp {
  private static final int ROUNDS = 15;
  private static final String OURS = "a generator, NATIVE";

  private final PrintStream table;
  private final PrintStream progress;

  StartUp(PrintStream table, PrintStream progress) {
    this.table = table;
    this.progress = progress;
  }

  /**
   * A program, run with options.
   *
   * @param name for the table
   * @param argument {@link FirstElementMain}'s
   */
  private record Program(String name, String argument, List<String> options) {}

  void run() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create("stackful-start-up")) {
      run(folder.path());
    }
  }

  private void run(Path folder) throws IOException, InterruptedException {
    List<Program> programs = new ArrayList<>();
    programs.add(new Program(OURS, "NATIVE", List.of()));
    programs.add(new Program("the JDK's linker, a first downcall", "linker", List.of()));
    programs.add(new Program("a generator, PLATFORM_THREAD", "PLATFORM_THREAD", List.of()));
    programs.add(new Program("a generator, VIRTUAL_THREAD", "VIRTUAL_THREAD", List.of()));
    for (Program plain : List.of(programs.get(0), programs.get(1))) {
      Path archive = folder.resolve(plain.argument() + ".jsa");
      execute(plain, "-XX:ArchiveClassesAtExit=" + archive);
      programs.add(
          new Program(
              plain.name() + ", archived classes",
              plain.argument(),
              List.of("-XX:SharedArchiveFile=" + archive)));
      Path cache = folder.resolve(plain.argument() + ".aot");
      execute(plain, "-XX:AOTCacheOutput=" + cache);
      programs.add(
          new Program(
              plain.name() + ", AOT cache", plain.argument(), List.of("-XX:AOTCache=" + cache)));
    }
    Comparison comparison = new Comparison(OURS);
    for (int round = 1; round <= ROUNDS; round++) {
      progress.printf("round %d of %d%n", round, ROUNDS);
      for (Program program : programs) {
        comparison.add(program.name(), execute(program, program.options().toArray(String[]::new)));
      }
    }
    table.printf(
        "Processor: %s; load of the machine at the end: %s%n%n",
        SavedRatios.thisProcessor(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    comparison.print("for the first time", "time, ms", table);
  }

  /** Runs a program, and returns the milliseconds that it has printed. */
  private static double execute(Program program, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Xlog:disable"); // or it says that the JDK's own archive has another option
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", jarOf(FirstElementMain.class) + ":" + jarOf(Coroutine.class)));
    command.addAll(List.of(FirstElementMain.class.getName(), program.argument()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException("it ended with status " + status + ": " + command);
    }
    // A JVM that writes a cache tells of it on the same stream, afterwards.
    return Double.parseDouble(output.lines().findFirst().orElseThrow().strip());
  }

  private static Path jarOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no place of " + type, e);
    }
  }
}
