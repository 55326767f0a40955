package dev.stackful.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
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
  private static final String LINKER = "the JDK's linker, a first downcall";

  private final PrintStream table;
  private final PrintStream progress;

  StartUp(PrintStream table, PrintStream progress) {
    this.table = table;
    this.progress = progress;
  }

  void run() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create("stackful-start-up")) {
      run(folder.path());
    }
  }

  private void run(Path folder) throws IOException, InterruptedException {
    List<Programs.Program> programs = new ArrayList<>();
    programs.add(program(OURS, "NATIVE"));
    programs.add(program(LINKER, "linker"));
    programs.add(program("a generator, PLATFORM_THREAD", "PLATFORM_THREAD"));
    programs.add(program("a generator, VIRTUAL_THREAD", "VIRTUAL_THREAD"));
    addArchived(OURS, "NATIVE", folder, programs);
    addArchived(LINKER, "linker", folder, programs);
    Programs.compare(programs, ROUNDS, "for the first time", "time, ms", table, progress);
  }

  /** The same with an archive and with a cache, which are written now. */
  private static void addArchived(
      String name, String argument, Path folder, List<Programs.Program> programs)
      throws IOException, InterruptedException {
    Path archive = folder.resolve(argument + ".jsa");
    Programs.firstLine(command(argument, "-XX:ArchiveClassesAtExit=" + archive));
    programs.add(
        program(name + ", archived classes", argument, "-XX:SharedArchiveFile=" + archive));
    Path cache = folder.resolve(argument + ".aot");
    Programs.firstLine(command(argument, "-XX:AOTCacheOutput=" + cache));
    programs.add(program(name + ", AOT cache", argument, "-XX:AOTCache=" + cache));
  }

  private static Programs.Program program(String name, String argument, String... options) {
    return new Programs.Program(name, command(argument, options));
  }

  /** Runs {@link FirstElementMain}, whose first line is the milliseconds that it took. */
  private static List<String> command(String argument, String... options) {
    List<String> all = new ArrayList<>();
    all.add("-Xlog:disable"); // or it says that the JDK's own archive has another option
    all.addAll(List.of(options));
    return Programs.java(all, FirstElementMain.class, argument);
  }
}
