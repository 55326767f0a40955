package dev.stackful.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The benchmarks of this package, by the names of their class and method: {@code
 * RoundTripBenchmark.downcall}.
 */
final class Benchmarks {
  private static final OutputFormat SILENT =
      OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);

  private static final int WARMUP_ITERATIONS = 3;

  private Benchmarks() {}

  /** All, in the order of the tables. */
  static List<String> all() {
    return find(List.of(), List.of());
  }

  /** Those that JMH would run, by regular expressions. */
  static List<String> find(List<String> includes, List<String> excludes) {
    int ofPackage = Benchmarks.class.getPackageName().length() + 1;
    return BenchmarkList.defaultList().find(SILENT, includes, excludes).stream()
        .map(entry -> entry.getUsername().substring(ofPackage))
        .toList();
  }

  static List<String> classes() {
    return all().stream().map(Benchmarks::classOf).distinct().toList();
  }

  static String classOf(String benchmark) {
    return benchmark.substring(0, benchmark.indexOf('.'));
  }

  /** Whether a benchmark is of one of these classes. */
  static boolean isOf(List<Class<?>> types, String benchmark) {
    return types.stream().anyMatch(type -> type.getSimpleName().equals(classOf(benchmark)));
  }

  /**
   * Options for a run in short, of which nothing is printed: three iterations to warm up, and the
   * processor time beside the time.
   *
   * @param include a regular expression for the benchmarks' names
   * @param forks how many JVMs for each
   * @param iterations how many count
   * @param iterationTime of each iteration, those to warm up too
   */
  static ChainedOptionsBuilder inShort(
      String include, int forks, int iterations, TimeValue iterationTime) {
    return new OptionsBuilder()
        .include(include)
        .forks(forks)
        .warmupIterations(WARMUP_ITERATIONS)
        .warmupTime(iterationTime)
        .measurementIterations(iterations)
        .measurementTime(iterationTime)
        .addProfiler(ProcessorTime.class)
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true);
  }

  /** The values of a benchmark's parameters; empty if it has none. */
  static String parameters(RunResult result) {
    return result.getParams().getParamsKeys().stream()
        .map(result.getParams()::getParam)
        .collect(Collectors.joining(" "));
  }

  /** What this machine lacks that a class of them needs, and Debian's packages that have it. */
  static Optional<String> missing(String benchmarkClass) {
    return switch (benchmarkClass) {
      case "PeersForeignRoundTripBenchmark" ->
          unless(
              Peers.areThere(),
              "no C++ compiler with Boost.Context (packages g++, libboost-context-dev)");
      case "SqliteBenchmark" ->
          unless(SqliteBenchmark.LIBRARY.isPresent(), "no libsqlite3.so.0 (package libsqlite3-0)");
      case "ExpatBenchmark" ->
          unless(ExpatBenchmark.LIBRARY.isPresent(), "no libexpat.so.1 (package libexpat1)");
      default -> Optional.empty();
    };
  }

  private static Optional<String> unless(boolean there, String missing) {
    return there ? Optional.empty() : Optional.of(missing);
  }
}
