package dev.stackful.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

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
  private static final int WARMUP_ITERATIONS = 3;
  private static final int ITERATIONS = 4;
  private static final TimeValue ITERATION_TIME = TimeValue.milliseconds(300);

  /**
   * A line of the second table.
   *
   * @param what in words
   * @param over the benchmark whose score is divided
   * @param under the one it is divided by
   */
  private record Ratio(String what, String over, String under) {}

  private enum Measure {
    TIME,
    PROCESSOR_TIME;

    Result<?> of(RunResult result) {
      return this == TIME
          ? result.getPrimaryResult()
          : result.getSecondaryResults().get(ProcessorTime.LABEL);
    }
  }

  private static final String ROUND_TRIP = "RoundTripBenchmark.coroutineNative";
  private static final String CONTINUATION = "RoundTripBenchmark.continuation";
  private static final String CREATE = "CreateBenchmark.coroutineNative";

  private static final List<Ratio> RATIOS =
      List.of(
          new Ratio("a round trip / the JDK's Continuation", ROUND_TRIP, CONTINUATION),
          new Ratio(
              "a round trip / virtual threads on one carrier",
              ROUND_TRIP,
              "RoundTripBenchmark.virtualThreadsOneCarrier"),
          new Ratio(
              "a round trip / virtual threads", ROUND_TRIP, "RoundTripBenchmark.virtualThreads"),
          new Ratio(
              "a round trip / platform threads", ROUND_TRIP, "RoundTripBenchmark.platformThreads"),
          new Ratio(
              "a round trip with UseSystemMemoryBarrier / without",
              "RoundTripBenchmark.coroutineNativeMemoryBarrier",
              ROUND_TRIP),
          new Ratio(
              "a round trip from a virtual thread / from a platform thread",
              "RoundTripBenchmark.coroutineNativeOnVirtualThread",
              ROUND_TRIP),
          new Ratio("a transfer / a round trip", "TransferBenchmark.transferNative", ROUND_TRIP),
          new Ratio("a round trip / the bare switch", ROUND_TRIP, "RawSwitchBenchmark.rawSwitch"),
          new Ratio("a round trip / a downcall", ROUND_TRIP, "RawSwitchBenchmark.downcall"),
          new Ratio(
              "create, yield, finish / the JDK's Continuation",
              CREATE,
              "CreateBenchmark.continuation"),
          new Ratio(
              "create, yield, finish / virtual threads on one carrier",
              CREATE,
              "CreateBenchmark.virtualThreadsOneCarrier"),
          new Ratio(
              "create, yield, finish / platform threads",
              CREATE,
              "CreateBenchmark.platformThreads"),
          new Ratio(
              "a generator's element / a round trip",
              "GeneratorBenchmark.generatorIterator",
              ROUND_TRIP),
          new Ratio(
              "a generator's element, buffered(64) / unbuffered",
              "GeneratorBenchmark.generatorIteratorBuffered",
              "GeneratorBenchmark.generatorIterator"),
          new Ratio(
              "a foreign coroutine's round trip / a coroutine's",
              "PeersForeignRoundTripBenchmark.foreignCoroutine",
              ROUND_TRIP),
          new Ratio(
              "a foreign coroutine's round trip, critical / ordinary",
              "PeersForeignRoundTripBenchmark.foreignCoroutineCritical",
              "PeersForeignRoundTripBenchmark.foreignCoroutine"),
          new Ratio(
              "a round trip in C++ / Boost.Context's fiber",
              "PeersForeignRoundTripBenchmark.stackfulInC",
              "PeersForeignRoundTripBenchmark.boostFiberInC"),
          new Ratio(
              "a row of sqlite3_exec, foreign coroutine / plain upcall",
              "SqliteBenchmark.foreignCoroutine",
              "SqliteBenchmark.plainUpcall"),
          new Ratio(
              "a row of sqlite3_exec, critical foreign coroutine / plain upcall",
              "SqliteBenchmark.foreignCoroutineCritical",
              "SqliteBenchmark.plainUpcall"),
          new Ratio(
              "a row of sqlite3_exec, coroutine and upcall / plain upcall",
              "SqliteBenchmark.coroutineAndUpcall",
              "SqliteBenchmark.plainUpcall"),
          new Ratio(
              "an event of Expat, foreign coroutine / plain upcall",
              "ExpatBenchmark.foreignCoroutine",
              "ExpatBenchmark.plainUpcall"),
          new Ratio(
              "an event of Expat, critical foreign coroutine / plain upcall",
              "ExpatBenchmark.foreignCoroutineCritical",
              "ExpatBenchmark.plainUpcall"),
          new Ratio(
              "an event of Expat, coroutine and upcall / plain upcall",
              "ExpatBenchmark.coroutineAndUpcall",
              "ExpatBenchmark.plainUpcall"),
          new Ratio("fiber to fiber / a round trip", "YieldBenchmark.fiberNative", ROUND_TRIP),
          new Ratio(
              "fiber to fiber / a transfer",
              "YieldBenchmark.fiberNative",
              "TransferBenchmark.transferNative"),
          toVirtualThreads("fiber to fiber", "YieldBenchmark"),
          toKotlin("fiber to fiber", "YieldBenchmark"),
          toVirtualThreads("spawn to finish", "SpawnBenchmark"),
          toKotlin("spawn to finish", "SpawnBenchmark"),
          toVirtualThreads("ping-pong over channels", "ChannelBenchmark"),
          toKotlin("ping-pong over channels", "ChannelBenchmark"),
          toVirtualThreads("a ring of 10,000", "RingBenchmark"),
          toKotlin("a ring of 10,000", "RingBenchmark"),
          toVirtualThreads("skynet", "SkynetBenchmark"),
          toKotlin("skynet", "SkynetBenchmark"));

  private static Ratio toVirtualThreads(String what, String benchmark) {
    return new Ratio(
        what + " / virtual threads on one carrier",
        benchmark + ".fiberNative",
        benchmark + ".virtualThreadsOneCarrier");
  }

  private static Ratio toKotlin(String what, String benchmark) {
    return new Ratio(
        what + " / kotlinx.coroutines", benchmark + ".fiberNative", benchmark + ".kotlin");
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

  void run() throws RunnerException {
    checkRatios();
    List<String> benchmarks = benchmarks();
    Map<String, List<RunResult>> rounds = new LinkedHashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      for (String benchmark : benchmarks) {
        progress.printf(Locale.ROOT, "round %d of %d: %s%n", round, ROUNDS, benchmark);
        for (RunResult result : new Runner(options(benchmark)).run()) {
          String name = (benchmark + " " + Benchmarks.parameters(result)).strip();
          rounds.computeIfAbsent(name, any -> new ArrayList<>()).add(result);
        }
      }
    }
    printScores(rounds);
    tables.println();
    printRatios(rounds);
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
        .filter(benchmark -> !leftOut.contains(Benchmarks.classOf(benchmark)))
        .toList();
  }

  /** A benchmark that was renamed must not pass for one that can't run here. */
  private static void checkRatios() {
    List<String> known = Benchmarks.all();
    for (Ratio ratio : RATIOS) {
      for (String benchmark : List.of(ratio.over(), ratio.under())) {
        if (!known.contains(benchmark)) {
          throw new IllegalStateException(
              "the ratio \"%s\" needs %s, which is no benchmark"
                  .formatted(ratio.what(), benchmark));
        }
      }
    }
  }

  private static Options options(String benchmark) {
    return new OptionsBuilder()
        .include("\\." + Pattern.quote(benchmark) + "$")
        .forks(1)
        .warmupIterations(WARMUP_ITERATIONS)
        .warmupTime(ITERATION_TIME)
        .measurementIterations(ITERATIONS)
        .measurementTime(ITERATION_TIME)
        .addProfiler(ProcessorTime.class)
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true)
        .build();
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

  private void printRatios(Map<String, List<RunResult>> rounds) {
    tables.println("| Ratio | of times | of processor times |");
    tables.println("|---|--:|--:|");
    for (Ratio ratio : RATIOS) {
      if (!rounds.containsKey(ratio.over()) || !rounds.containsKey(ratio.under())) {
        continue; // one of them is left out here, which was told
      }
      tables.printf(
          Locale.ROOT,
          "| %s | %s | %s |%n",
          ratio.what(),
          inEachRound(ratio, rounds, Measure.TIME),
          inEachRound(ratio, rounds, Measure.PROCESSOR_TIME));
    }
  }

  private static String inEachRound(
      Ratio ratio, Map<String, List<RunResult>> rounds, Measure measure) {
    double[] each = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      each[i] =
          measure.of(rounds.get(ratio.over()).get(i)).getScore()
              / measure.of(rounds.get(ratio.under()).get(i)).getScore();
    }
    Arrays.sort(each);
    return String.format(
        Locale.ROOT, "%.3g (%.3g to %.3g)", each[ROUNDS / 2], each[0], each[ROUNDS - 1]);
  }

  private static String nanos(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }
}
