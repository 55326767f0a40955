package dev.stackful.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * The command {@code stackful bench}: without arguments, or with {@code ratios}, the {@link
 * Report}, whose ratios {@code ratios --save} keeps for {@code --check} to compare with; with
 * {@code charts}, the {@link Charts}; with {@code streams}, the {@link StreamReport}; with {@code
 * peers}, the {@link PeersReport}; with {@code languages}, the {@link Languages}; with {@code
 * start-up}, the {@link StartUp}; with {@code busy}, the {@link BusyMachine}; with {@code cold},
 * the {@link ColdPool}; anything else goes to JMH, if there are benchmarks of the names that it
 * has.
 */
final class Main {
  /** The ratios that later runs are compared with. */
  private static final Path RATIOS =
      Path.of(System.getProperty("stackful.bench.docs", "docs")).resolve("benchmarks-ratios.tsv");

  private interface Printed {
    void run() throws IOException, InterruptedException, RunnerException;
  }

  /** What takes no arguments. */
  private static final Map<String, Printed> REPORTS =
      Map.of(
          "streams", () -> new StreamReport(System.out, System.err).run(),
          "peers", () -> new PeersReport(System.out, System.err).run(),
          "languages", () -> new Languages(System.out, System.err).run(),
          "start-up", () -> new StartUp(System.out, System.err).run(),
          "busy", () -> new BusyMachine(System.out, System.err).run(),
          "cold", () -> new ColdPool(System.out, System.err).run());

  private Main() {}

  public static void main(String[] args) throws IOException, InterruptedException, RunnerException {
    if (args.length == 0 || args[0].equals("ratios") || args[0].equals("--check")) {
      ratios(List.of(args));
      return;
    }
    if (args[0].equals("charts")) {
      charts(List.of(args).subList(1, args.length));
      return;
    }
    Printed report = REPORTS.get(args[0]);
    if (report != null) {
      if (args.length > 1) {
        System.err.println("stackful: bench " + args[0] + " takes no arguments");
        System.exit(2);
      }
      report.run();
      return;
    }
    List<String> forJmh = new ArrayList<>(List.of(args));
    forJmh.replaceAll(argument -> argument.equals("--help") ? "-h" : argument);
    try {
      forJmh.addAll(exclusions(new CommandLineOptions(forJmh.toArray(String[]::new))));
    } catch (CommandLineOptionException e) {
      // JMH says it itself.
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.err.println("stackful: " + e.getMessage());
      System.exit(e instanceof IllegalArgumentException ? 2 : 1);
    }
    org.openjdk.jmh.Main.main(forJmh.toArray(String[]::new));
  }

  private static void charts(List<String> names) throws IOException, RunnerException {
    try {
      new Charts(System.err).draw(RATIOS.resolveSibling("charts"), names);
    } catch (IllegalArgumentException e) {
      System.err.println("stackful: " + e.getMessage());
      System.exit(2);
    }
  }

  /** All ratios, and what becomes of them: nothing, kept, or compared with those that are kept. */
  private static void ratios(List<String> args) throws IOException, RunnerException {
    boolean save = args.equals(List.of("ratios", "--save"));
    boolean check = args.equals(List.of("--check"));
    if (!save && !check && args.size() > 1) {
      System.err.println("stackful: after bench come: ratios, ratios --save, --check");
      System.exit(2);
    }
    if (check && !Files.exists(RATIOS)) {
      System.err.printf(
          "stackful: there is no %s to compare with: ./stackful bench ratios --save makes it%n",
          RATIOS);
      System.exit(2);
    }
    SequencedMap<String, SavedRatios> earlier =
        check ? SavedRatios.read(RATIOS) : new LinkedHashMap<>();
    SavedRatios now =
        new SavedRatios(SavedRatios.thisProcessor(), new Report(System.out, System.err).run());
    if (save) {
      now.write(RATIOS);
    }
    if (check) {
      SavedRatios ofThis = earlier.getOrDefault(now.processor(), earlier.firstEntry().getValue());
      if (now.compareWith(ofThis, System.out) > 0) {
        System.exit(1);
      }
    }
  }

  /**
   * Checks that there are benchmarks of each name, and returns the options that leave out those
   * which can't run here, having told of them.
   *
   * @throws IllegalArgumentException if there is none of a name
   * @throws IllegalStateException if none of them can run here
   */
  private static List<String> exclusions(CommandLineOptions options) {
    for (String name : options.getIncludes()) {
      if (find(List.of(name), List.of()).isEmpty()) {
        throw new IllegalArgumentException(
            "no benchmark's name contains %s; there are %s"
                .formatted(name, String.join(", ", Benchmarks.classes())));
      }
    }
    if (options.shouldHelp() || options.shouldList() || options.shouldListWithParams()) {
      return List.of();
    }
    List<String> chosen =
        find(options.getIncludes(), options.getExcludes()).stream()
            .map(Benchmarks::classOf)
            .distinct()
            .toList();
    Map<String, String> leftOut = new LinkedHashMap<>();
    for (String benchmarkClass : chosen) {
      Benchmarks.missing(benchmarkClass).ifPresent(reason -> leftOut.put(benchmarkClass, reason));
    }
    String told =
        leftOut.entrySet().stream()
            .map(left -> left.getKey() + ", as there is " + left.getValue())
            .collect(Collectors.joining("; "));
    if (!chosen.isEmpty() && leftOut.size() == chosen.size()) {
      throw new IllegalStateException("none can run here: not " + told);
    }
    List<String> exclusions = new ArrayList<>();
    for (String left : leftOut.keySet()) {
      exclusions.addAll(List.of("-e", "\\." + left + "\\."));
    }
    if (!leftOut.isEmpty()) {
      System.err.println("stackful: left out: " + told);
    }
    return exclusions;
  }

  private static List<String> find(List<String> includes, List<String> excludes) {
    try {
      return Benchmarks.find(includes, excludes);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "%s is no regular expression: %s".formatted(e.getPattern(), e.getDescription()), e);
    }
  }
}
