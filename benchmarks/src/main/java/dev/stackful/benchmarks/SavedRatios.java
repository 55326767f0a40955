package dev.stackful.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * The ratios of processor times that a run gave. A file has those of several processors, one after
 * the other: a line that names the processor, then one for each ratio: what it is of, the median,
 * the least and the greatest, with tabs between.
 *
 * <p>Ratios are what can be compared between two runs, but for those that hang on the processor:
 * what a write of the thread pointer takes differs by a factor of ten.
 *
 * @param processor that of the run
 * @param ratios by what they are of
 */
record SavedRatios(String processor, SequencedMap<String, MeasuredRatio> ratios) {
  private static final String PROCESSOR = "# processor: ";

  /** A smaller excess is as likely to be the machine's as the code's. */
  private static final double NOTABLE = 0.03;

  /**
   * Reads a file that {@link #write} has written.
   *
   * @return the ratios by their processors, at least of one
   * @throws IllegalArgumentException if it is no such file
   */
  static SequencedMap<String, SavedRatios> read(Path file) throws IOException {
    SequencedMap<String, SavedRatios> all = new LinkedHashMap<>();
    SequencedMap<String, MeasuredRatio> ratios = null;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(PROCESSOR)) {
        String processor = line.substring(PROCESSOR.length());
        ratios = new LinkedHashMap<>();
        all.put(processor, new SavedRatios(processor, ratios));
      } else if (ratios != null) {
        String[] fields = line.split("\t", -1);
        ratios.put(fields[0], parse(file, line, fields));
      }
    }
    if (ratios == null) {
      throw new IllegalArgumentException(
          file + " has no ratios: a line should begin with \"" + PROCESSOR + "\"");
    }
    return all;
  }

  private static MeasuredRatio parse(Path file, String line, String[] fields) {
    if (fields.length != 4) {
      throw new IllegalArgumentException(
          file + ": not a text and three numbers with tabs between: " + line);
    }
    return new MeasuredRatio(
        Double.parseDouble(fields[1]),
        Double.parseDouble(fields[2]),
        Double.parseDouble(fields[3]));
  }

  /** Puts these into a file, instead of those of the same processor; those of others stay. */
  void write(Path file) throws IOException {
    SequencedMap<String, SavedRatios> all = Files.exists(file) ? read(file) : new LinkedHashMap<>();
    all.put(processor, this);
    List<String> lines = new ArrayList<>();
    for (SavedRatios each : all.values()) {
      lines.add(PROCESSOR + each.processor);
      each.ratios.forEach(
          (what, ratio) ->
              lines.add(
                  String.format(
                      Locale.ROOT,
                      "%s\t%.4g\t%.4g\t%.4g",
                      what,
                      ratio.median(),
                      ratio.least(),
                      ratio.greatest())));
    }
    Files.write(file, lines);
  }

  /**
   * Says what has got worse since an earlier run by more than the rounds of either differ.
   *
   * @return how many ratios have
   */
  int compareWith(SavedRatios earlier, PrintStream out) {
    if (!processor.equals(earlier.processor)) {
      out.printf(
          "The ratios compared with are from another processor, %s; this is %s.%n",
          earlier.processor, processor);
    }
    int worse = 0;
    for (Map.Entry<String, MeasuredRatio> now : ratios.entrySet()) {
      MeasuredRatio before = earlier.ratios.get(now.getKey());
      if (before == null) {
        out.printf("new: %s is %s%n", now.getKey(), now.getValue());
        continue;
      }
      double excess = now.getValue().excessOver(before);
      if (excess > NOTABLE) {
        worse++;
        out.printf(
            Locale.ROOT,
            "worse by %.0f %%: %s is %s, and was %s%n",
            100 * excess,
            now.getKey(),
            now.getValue(),
            before);
      }
    }
    String missing =
        earlier.ratios.keySet().stream()
            .filter(what -> !ratios.containsKey(what))
            .collect(Collectors.joining("; "));
    if (!missing.isEmpty()) {
      out.println("not measured: " + missing);
    }
    out.printf("%d of %d ratios got worse%n", worse, ratios.size());
    return worse;
  }

  /**
   * The processor as the kernel tells it: its name says little, its family and model which it is.
   */
  static String thisProcessor() {
    try {
      Map<String, String> first =
          Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
              .takeWhile(line -> !line.isBlank())
              .map(line -> line.split("\\s*:\\s*", 2))
              .filter(field -> field.length == 2)
              .collect(Collectors.toMap(field -> field[0], field -> field[1], (a, b) -> a));
      if (first.containsKey("model name")) {
        return "%s, family %s, model %s"
            .formatted(first.get("model name"), first.get("cpu family"), first.get("model"));
      }
      return "%s, implementer %s, part %s"
          .formatted(
              System.getProperty("os.arch"), first.get("CPU implementer"), first.get("CPU part"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
