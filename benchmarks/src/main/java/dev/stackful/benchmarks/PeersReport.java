package dev.stackful.benchmarks;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The command {@code stackful bench peers}: what is there for Java and its like beside this
 * library, as tables. It goes through all some times, a JVM each time, as {@link Report} does, and
 * gives processor times, which are the cost of both threads where there are two.
 */
final class PeersReport {
  private static final int ROUNDS = 3;

  // What was woven is still being compiled after a second; 1.5 s are enough.
  private static final int WARMUP_ITERATIONS = 5;
  private static final int ITERATIONS = 3;
  private static final TimeValue ITERATION_TIME = TimeValue.milliseconds(300);

  private static final List<Class<?>> BENCHMARKS =
      List.of(
          PeerRoundTripBenchmark.class, PeerGeneratorBenchmark.class, PeerCreateBenchmark.class);

  /**
   * What is compared.
   *
   * @param what in words
   * @param ours the benchmark's method that is this library's
   * @param benchmarks a regular expression for all of them
   */
  private record Group(String what, String ours, String benchmarks) {}

  private static final List<Group> GROUPS =
      List.of(
          new Group(
              "a round trip",
              "coroutineNative",
              "RoundTripBenchmark\\.(coroutineNative|continuation|platformThreads"
                  + "|virtualThreads|virtualThreadsOneCarrier)"
                  + "|PeerRoundTripBenchmark\\..*"),
          new Group(
              "an element of 1,024",
              "generatorIterator",
              "GeneratorBenchmark\\.(generatorIterator|generatorIteratorBuffered"
                  + "|handWrittenIterator)|PeerGeneratorBenchmark\\..*"),
          new Group(
              "create, yield, finish",
              "coroutineNative",
              "CreateBenchmark\\.(coroutineNative|continuation|platformThreads"
                  + "|virtualThreads|virtualThreadsOneCarrier)|PeerCreateBenchmark\\..*"),
          new Group(
              "a node of a tree",
              "recursion",
              "TreeBenchmark\\.(recursion.*|nestedKotlinSequences|stackByHand)"));

  private final PrintStream tables;
  private final PrintStream progress;

  PeersReport(PrintStream tables, PrintStream progress) {
    this.tables = tables;
    this.progress = progress;
  }

  /** Whether it is for this report alone, and not for {@link Report}. */
  static boolean has(String benchmark) {
    return Benchmarks.isOf(BENCHMARKS, benchmark);
  }

  void run() throws RunnerException {
    tables.printf("Processor: %s%n%n", SavedRatios.thisProcessor());
    Map<String, Comparison> comparisons = new LinkedHashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      for (Group group : GROUPS) {
        progress.printf("round %d of %d: %s%n", round, ROUNDS, group.what());
        measure(group, comparisons);
      }
    }
    comparisons.forEach((what, comparison) -> comparison.print(what, "processor time, ns", tables));
  }

  /** Once all of a group, whose parameters, if it has any, make a table each. */
  private static void measure(Group group, Map<String, Comparison> comparisons)
      throws RunnerException {
    String include =
        Pattern.quote(PeersReport.class.getPackageName()) + "\\.(" + group.benchmarks() + ")$";
    for (RunResult result :
        new Runner(
                Benchmarks.inShort(include, 1, ITERATIONS, ITERATION_TIME)
                    .warmupIterations(WARMUP_ITERATIONS)
                    .build())
            .run()) {
      String parameters = Benchmarks.parameters(result);
      String what = group.what() + (parameters.isEmpty() ? "" : ", depth " + parameters);
      comparisons
          .computeIfAbsent(what, any -> new Comparison(group.ours()))
          .add(
              result.getPrimaryResult().getLabel(),
              result.getSecondaryResults().get(ProcessorTime.LABEL).getScore());
    }
  }
}
