package dev.stackful.benchmarks;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The command {@code stackful bench streams}: what is turned inside out beside its peers, printed
 * as Markdown tables with time and processor time, and with peak memory where that is measured.
 */
final class StreamReport {
  private static final List<Class<?>> BENCHMARKS =
      List.of(
          StreamBenchmark.class, GathererBenchmark.class, FlowBenchmark.class, TreeBenchmark.class);

  /** Numbers come first in them, and the shorter ones are less. */
  private static final Comparator<RunResult> BY_PARAMETERS =
      Comparator.<RunResult>comparingInt(result -> Benchmarks.parameters(result).length())
          .thenComparing(Benchmarks::parameters);

  private final PrintStream table;
  private final PrintStream progress;

  StreamReport(PrintStream table, PrintStream progress) {
    this.table = table;
    this.progress = progress;
  }

  /** Whether this report has a benchmark, and not {@link Report}. */
  static boolean has(String benchmark) {
    return Benchmarks.isOf(BENCHMARKS, benchmark);
  }

  void run() throws RunnerException {
    for (Class<?> type : BENCHMARKS) {
      progress.println(type.getSimpleName());
      Collection<RunResult> results =
          new Runner(
                  Benchmarks.inShort(
                          "\\." + type.getSimpleName() + "\\.", 3, 3, TimeValue.milliseconds(500))
                      .addProfiler(PeakMemory.class)
                      .build())
              .run();
      print(results, type == StreamBenchmark.class);
    }
  }

  private void print(Collection<RunResult> results, boolean withMemory) {
    String memory = withMemory ? " peak memory, MiB |" : "";
    table.println("| Benchmark | time | ± (99.9 %) | processor time |" + memory);
    table.println("|---|--:|--:|--:|" + (withMemory ? "--:|" : ""));
    results.stream()
        .sorted(BY_PARAMETERS)
        .forEach(
            result -> {
              Result<?> time = result.getPrimaryResult();
              String unit = time.getScoreUnit().replace("/op", "");
              table.printf(
                  Locale.ROOT,
                  "| %s | %s %s | %s | %s |%s%n",
                  (time.getLabel() + " " + Benchmarks.parameters(result)).strip(),
                  number(time.getScore()),
                  unit,
                  number(time.getScoreError()),
                  number(secondary(result, ProcessorTime.LABEL) / nanosOf(unit)),
                  withMemory ? " " + number(secondary(result, PeakMemory.LABEL)) + " |" : "");
            });
    table.println();
  }

  private static double nanosOf(String unit) {
    return unit.equals("ms") ? 1e6 : 1;
  }

  private static double secondary(RunResult result, String label) {
    return result.getSecondaryResults().get(label).getScore();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
  }
}
