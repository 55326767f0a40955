package dev.stackful.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The command {@code stackful bench languages}: a value there and one back by what other languages
 * have, each in a small program of its own that prints its processor time, beside a coroutine of
 * ours. All run in turn, several times, on one processor.
 */
final class Languages {
  private static final int ROUNDS = 7;
  private static final String OURS = "Stackful, Java";
  private static final String BOOST = "g++, libboost-context-dev";

  private final Path sources = Path.of(System.getProperty("stackful.bench.languages"));
  private final PrintStream table;
  private final PrintStream progress;

  Languages(PrintStream table, PrintStream progress) {
    this.table = table;
    this.progress = progress;
  }

  /**
   * A program.
   *
   * @param name for the table
   * @param packages of Debian's that it needs
   * @param check a command that works where these are there; it may compile the program
   * @param command runs it
   */
  private record Program(String name, String packages, List<String> check, List<String> command) {}

  void run() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create("stackful-languages")) {
      run(folder.path());
    }
  }

  private void run(Path built) throws IOException, InterruptedException {
    List<Programs.Program> there = new ArrayList<>();
    for (Program program : programs(built)) {
      if (works(program.check(), built)) {
        there.add(new Programs.Program(program.name(), Programs.onOneProcessor(program.command())));
      } else {
        progress.printf(
            "left out: %s, which needs %s (Debian's packages)%n",
            program.name(), program.packages());
      }
    }
    Programs.compare(there, ROUNDS, "a round trip", "processor time, ns", table, progress);
  }

  private List<Program> programs(Path built) {
    return List.of(
        java(OURS, "coroutine"),
        java("the JDK's Continuation", "continuation"),
        cpp("Boost.Context, fcontext", BOOST, "fcontext", built, "-lboost_context"),
        cpp("Boost.Context, fiber", BOOST, "fiber", built, "-lboost_context"),
        cpp("swapcontext", "g++", "ucontext", built),
        interpreted("Lua 5.4, coroutine", "lua5.4", List.of("lua5.4"), "-e return", "lua.lua"),
        interpreted("Ruby, Fiber", "ruby", List.of("ruby"), "-e 0", "ruby.rb"),
        interpreted("Python, generator", "python3", python(), "-c 0", "generator.py"),
        interpreted(
            "Python, greenlet", "python3-greenlet", python(), "-c import greenlet", "greenlets.py"),
        new Program(
            "Go, iter.Pull",
            "golang-1.23-go or newer, of Debian 13 or bookworm-backports",
            List.of(go(), "build", "-o", built.resolve("pull").toString(), source("pull.go")),
            List.of(built.resolve("pull").toString())));
  }

  private Program java(String name, String argument) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    // What it would choose by itself if it weren't for taskset.
    command.addAll(List.of("-XX:ActiveProcessorCount=2", "-XX:+UseG1GC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(EchoMain.class.getName(), argument));
    return new Program(name, "", Programs.onOneProcessor(List.of("true")), command);
  }

  private Program cpp(
      String name, String packages, String source, Path built, String... libraries) {
    String program = built.resolve(source).toString();
    List<String> compile =
        new ArrayList<>(
            List.of("c++", "-O2", "-std=c++17", "-o", program, source(source + ".cpp")));
    compile.addAll(List.of(libraries));
    return new Program(name, packages, compile, List.of(program));
  }

  private Program interpreted(
      String name, String packages, List<String> interpreter, String check, String source) {
    List<String> checks = new ArrayList<>(interpreter);
    checks.addAll(List.of(check.split(" ", 2)));
    List<String> command = new ArrayList<>(interpreter);
    command.add(source(source));
    return new Program(name, packages, checks, command);
  }

  private String source(String name) {
    return sources.resolve(name).toString();
  }

  /** Debian's, whose greenlet is Debian's too. */
  private static List<String> python() {
    String debians = "/usr/bin/python3";
    return List.of(Files.isExecutable(Path.of(debians)) ? debians : "python3", "-B");
  }

  /** The newest of Debian's, which may stand beside an older one that is on the path. */
  private static String go() {
    try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
      return folders
          .map(folder -> folder.resolve("bin/go"))
          .filter(go -> go.getParent().getParent().getFileName().toString().startsWith("go-1."))
          .filter(Files::isExecutable)
          .map(Path::toString)
          .max(String::compareTo)
          .orElse("go");
    } catch (IOException e) {
      return "go";
    }
  }

  /** Whether there is such a command, and it ends well. */
  private static boolean works(List<String> command, Path temporary)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(Map.of("GOCACHE", temporary.resolve("go").toString()));
    builder.environment().putAll(Map.of("GO111MODULE", "off", "GOTOOLCHAIN", "local"));
    return Programs.output(builder).isPresent();
  }
}
