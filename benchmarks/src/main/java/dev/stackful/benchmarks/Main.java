package dev.stackful.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * The command {@code stackful bench}: without arguments, or with {@code ratios}, the {@link
 * Report}; with {@code streams}, the {@link StreamReport}; anything else goes to JMH, if there are
 * benchmarks of the names that it has.
 */
final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException, RunnerException {
    if (args.length == 0 || Arrays.equals(args, new String[] {"ratios"})) {
      new Report(System.out, System.err).run();
      return;
    }
    if (Arrays.equals(args, new String[] {"streams"})) {
      new StreamReport(System.out, System.err).run();
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
