package dev.stackful.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.data.Range;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.general.DatasetUtils;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The command {@code stackful bench charts}: what things cost as there is more of them, and peers
 * side by side, measured in short and drawn as SVG files. Processor times, which a busy machine
 * changes least.
 */
final class Charts {
  private static final List<Class<?>> BENCHMARKS =
      List.of(LiveBenchmark.class, DepthBenchmark.class, CollectionBenchmark.class);

  private static final String OURS = words("coroutineNative");

  private final PrintStream progress;

  Charts(PrintStream progress) {
    this.progress = progress;
    charts.put("peers", this::peers);
    charts.put("live", this::live);
    charts.put("depth", this::depth);
    charts.put("collection", this::collection);
  }

  /** Whether it is for charts alone, and not for {@link Report}. */
  static boolean has(String benchmark) {
    return Benchmarks.isOf(BENCHMARKS, benchmark);
  }

  /** A chart, by the name of its file. */
  @FunctionalInterface
  private interface Chart {
    void draw(Path file) throws IOException, RunnerException;
  }

  private final Map<String, Chart> charts = new LinkedHashMap<>();

  /**
   * Draws some charts.
   *
   * @param names those to draw; empty for all
   * @throws IllegalArgumentException if there is none of a name
   */
  void draw(Path folder, List<String> names) throws IOException, RunnerException {
    for (String name : names) {
      if (!charts.containsKey(name)) {
        throw new IllegalArgumentException(
            "no chart is called %s; there are %s".formatted(name, charts.keySet()));
      }
    }
    Files.createDirectories(folder);
    for (Map.Entry<String, Chart> chart : charts.entrySet()) {
      if (names.isEmpty() || names.contains(chart.getKey())) {
        chart.getValue().draw(folder.resolve(chart.getKey() + ".svg"));
      }
    }
  }

  private void live(Path file) throws IOException, RunnerException {
    String title = "A round trip, many being live and resumed in turn";
    lines(file, title, "live coroutines", "ns", /* byTens= */ true, run("LiveBenchmark\\."));
  }

  private void depth(Path file) throws IOException, RunnerException {
    String title = "A round trip to a yield below so many calls";
    lines(file, title, "calls", "ns", /* byTens= */ true, run("DepthBenchmark\\."));
  }

  private void collection(Path file) throws IOException, RunnerException {
    String title = "A whole garbage collection (serial), stacks being suspended 20 calls deep";
    lines(file, title, "suspended", "ms", /* byTens= */ false, run("CollectionBenchmark\\."));
  }

  private Collection<RunResult> run(String benchmarks) throws RunnerException {
    progress.println(benchmarks);
    return new Runner(
            Benchmarks.inShort("\\." + benchmarks, 1, 5, TimeValue.milliseconds(500)).build())
        .run();
  }

  private static double nanos(RunResult result) {
    return result.getSecondaryResults().get(ProcessorTime.LABEL).getScore();
  }

  private static void lines(
      Path file,
      String title,
      String across,
      String unit,
      boolean byTens,
      Collection<RunResult> results)
      throws IOException {
    Map<String, XYSeries> series = new LinkedHashMap<>();
    series.put(OURS, new XYSeries(OURS)); // the first colour in each chart
    for (RunResult result : results) {
      String name = words(result.getPrimaryResult().getLabel());
      series
          .computeIfAbsent(name, XYSeries::new)
          .add(
              Double.parseDouble(Benchmarks.parameters(result)),
              nanos(result) / (unit.equals("ms") ? 1e6 : 1));
    }
    XYSeriesCollection data = new XYSeriesCollection();
    series.values().forEach(data::addSeries);
    ValueAxis up = axis(unit, byTens);
    if (byTens) {
      extendToTens(up, DatasetUtils.findRangeBounds(data));
    }
    ChartFile.writeLines(file, title, axis(across, byTens), up, data);
  }

  /** From a power of ten to another: only these have labels. */
  private static void extendToTens(ValueAxis axis, Range values) {
    axis.setRange(
        Math.pow(10, Math.floor(Math.log10(values.getLowerBound()))),
        // A bit more, as the axis's own logarithm of 1,000 is less than 3.
        1.000_001 * Math.pow(10, Math.ceil(Math.log10(values.getUpperBound()))));
  }

  /** Round trips of this library and its peers, the shortest first. */
  private void peers(Path file) throws IOException, RunnerException {
    String names =
        String.join(
            "|",
            "coroutineNative",
            "continuation",
            "coroutineNativeOnVirtualThread",
            "virtualThreadsOneCarrier",
            "coroutinePlatformThread",
            "virtualThreads",
            "platformThreads",
            "javaflow",
            "offbynullCoroutines",
            "kilim",
            "synchronousQueuesPlatformThreads",
            "synchronousQueuesVirtualThreadsOneCarrier",
            "exchangerPlatformThreads",
            "exchangerVirtualThreadsOneCarrier");
    Map<Double, String> byTime =
        run("(Peer)?RoundTripBenchmark\\.(" + names + ")$").stream()
            .collect(
                Collectors.toMap(
                    Charts::nanos,
                    result -> words(result.getPrimaryResult().getLabel()),
                    (a, b) -> a + ", " + b,
                    TreeMap::new));
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    byTime.forEach((time, name) -> data.addValue(time, "round trip", name));
    ChartFile.writeBars(
        file,
        "A value there and one back",
        axis("ns of processor time", true),
        data,
        name -> name.startsWith("coroutine "));
  }

  private static ValueAxis axis(String label, boolean byTens) {
    if (!byTens) {
      return new NumberAxis(label);
    }
    LogAxis axis = new LogAxis(label);
    axis.setSmallestValue(1);
    axis.setTickUnit(new NumberTickUnit(1)); // a power of ten
    axis.setNumberFormatOverride(NumberFormat.getIntegerInstance(Locale.ROOT));
    return axis;
  }

  /** {@code coroutineNativeOnVirtualThread} becomes "coroutine native on virtual thread". */
  private static String words(String method) {
    return Pattern.compile("(?=[A-Z])")
        .splitAsStream(method)
        .map(word -> word.toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" "));
  }
}
