package dev.stackful.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * A short run of all benchmarks, printed as two Markdown tables: the scores with their errors, and
 * the ratios within this run.
 *
 * <p>It goes through all benchmarks {@value #ROUNDS} times, a JVM each time, instead of giving each
 * its JVMs in a row: a machine that is slower for half a minute then slows all of them down a
 * little and none of them by half. A ratio is taken in each round; what is printed is the median
 * round's, with the least and the greatest. {@link ProcessorTime} is what can be compared on a
 * machine that others use too.
 */
final class Report {
  private static final int ROUNDS = 3;
  private static final int ITERATIONS = 4;
  private static final TimeValue ITERATION_TIME = TimeValue.milliseconds(300);

  private enum Measure {
    TIME,
    PROCESSOR_TIME;

    Result<?> of(RunResult result) {
      return this == TIME
          ? result.getPrimaryResult()
          : result.getSecondaryResults().get(ProcessorTime.LABEL);
    }
  }

  private final PrintStream tables;
  private final PrintStream progress;

  /**
   * Makes a report.
   *
   * @param tables where it is printed
   * @param progress where what is running is told meanwhile
   */
  Report(PrintStream tables, PrintStream progress) {
    this.tables = tables;
    this.progress = progress;
  }

  /**
   * Runs all.
   *
   * @return the ratios of processor times, by what they are of
   */
  SequencedMap<String, MeasuredRatio> run() throws RunnerException {
    checkRatios();
    return run(benchmarks());
  }

  private SequencedMap<String, MeasuredRatio> run(List<String> benchmarks) throws RunnerException {
    Map<String, List<RunResult>> rounds = new LinkedHashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      for (String benchmark : benchmarks) {
        progress.printf(Locale.ROOT, "round %d of %d: %s%n", round, ROUNDS, benchmark);
        String include = "\\." + Pattern.quote(benchmark) + "$";
        Options options = Benchmarks.inShort(include, 1, ITERATIONS, ITERATION_TIME).build();
        for (RunResult result : new Runner(options).run()) {
          String name = (benchmark + " " + Benchmarks.parameters(result)).strip();
          rounds.computeIfAbsent(name, any -> new ArrayList<>()).add(result);
        }
      }
    }
    printScores(rounds);
    tables.println();
    return printRatios(rounds);
  }

  /** Those that can run here; of the others it is told what they need. */
  private List<String> benchmarks() {
    Set<String> leftOut = new HashSet<>();
    for (String benchmarkClass : Benchmarks.classes()) {
      Benchmarks.missing(benchmarkClass)
          .ifPresent(
              reason -> {
                leftOut.add(benchmarkClass);
                progress.println("left out: " + benchmarkClass + ", as there is " + reason);
              });
    }
    return Benchmarks.all().stream()
        .filter(benchmark -> !StreamReport.has(benchmark))
        .filter(benchmark -> !PeersReport.has(benchmark) && !Charts.has(benchmark))
        .filter(benchmark -> !leftOut.contains(Benchmarks.classOf(benchmark)))
        .toList();
  }

  /** A benchmark that was renamed must not pass for one that can't run here. */
  private static void checkRatios() {
    List<String> known = Benchmarks.all();
    for (Ratio ratio : Ratio.ALL) {
      for (String benchmark : ratio.benchmarks()) {
        if (!known.contains(benchmark)) {
          throw new IllegalStateException(
              "the ratio \"%s\" needs %s, which is no benchmark"
                  .formatted(ratio.what(), benchmark));
        }
      }
    }
  }

  private void printScores(Map<String, List<RunResult>> rounds) {
    tables.println("| Benchmark | time, ns | ± (99.9 %) | processor time, ns | ± (99.9 %) |");
    tables.println("|---|--:|--:|--:|--:|");
    rounds.forEach(
        (benchmark, results) -> {
          List<BenchmarkResult> all =
              results.stream().flatMap(r -> r.getBenchmarkResults().stream()).toList();
          RunResult together = new RunResult(results.getFirst().getParams(), all);
          Result<?> time = Measure.TIME.of(together);
          Result<?> processor = Measure.PROCESSOR_TIME.of(together);
          tables.printf(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s |%n",
              benchmark,
              nanos(time.getScore()),
              nanos(time.getScoreError()),
              nanos(processor.getScore()),
              nanos(processor.getScoreError()));
        });
  }

  private SequencedMap<String, MeasuredRatio> printRatios(Map<String, List<RunResult>> rounds) {
    SequencedMap<String, MeasuredRatio> ofProcessorTimes = new LinkedHashMap<>();
    tables.println("| Ratio | of times | of processor times |");
    tables.println("|---|--:|--:|");
    for (Ratio ratio : Ratio.ALL) {
      if (rounds.keySet().containsAll(ratio.benchmarks())) { // else left out here, which was told
        MeasuredRatio ofProcessorTime = measure(ratio, rounds, Measure.PROCESSOR_TIME);
        ofProcessorTimes.put(ratio.what(), ofProcessorTime);
        tables.printf(
            "| %s | %s | %s |%n",
            ratio.what(), measure(ratio, rounds, Measure.TIME), ofProcessorTime);
      }
    }
    return ofProcessorTimes;
  }

  private static MeasuredRatio measure(
      Ratio ratio, Map<String, List<RunResult>> rounds, Measure measure) {
    double[] each = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      int round = i;
      each[i] = ratio.of(benchmark -> measure.of(rounds.get(benchmark).get(round)).getScore());
    }
    return MeasuredRatio.of(each);
  }

  /** A number of nanoseconds for a table. */
  static String nanos(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }
}
