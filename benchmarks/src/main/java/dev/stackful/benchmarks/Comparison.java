package dev.stackful.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times of the same thing by several libraries, in rounds: in each all are measured one after the
 * other, and compared with ours of that round. What slows the machine down for a while then slows
 * all of them.
 */
final class Comparison {
  private final String ours;
  private final Map<String, List<Double>> rounds = new LinkedHashMap<>();

  /**
   * Makes one without times.
   *
   * @param ours the name of what all are compared with
   */
  Comparison(String ours) {
    this.ours = ours;
  }

  /** A time in a round. Those of a name come in the order of the rounds. */
  void add(String name, double nanos) {
    rounds.computeIfAbsent(name, any -> new ArrayList<>()).add(nanos);
  }

  /** The median of what a name has taken. */
  double median(String name) {
    return MeasuredRatio.of(times(name)).median();
  }

  /** How many times ours a name has taken. */
  MeasuredRatio toOurs(String name) {
    double[] each = times(name);
    for (int i = 0; i < each.length; i++) {
      each[i] /= rounds.get(ours).get(i);
    }
    return MeasuredRatio.of(each);
  }

  private double[] times(String name) {
    return rounds.get(name).stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The names, the fastest first. */
  List<String> names() {
    return rounds.keySet().stream().sorted(Comparator.comparingDouble(this::median)).toList();
  }

  /**
   * Prints a Markdown table, the fastest first.
   *
   * @param what is measured, in words
   * @param unit what the times are
   */
  void print(String what, String unit, PrintStream out) {
    out.printf("| %s | %s | of ours |%n", what, unit);
    out.println("|---|--:|--:|");
    for (String name : names()) {
      out.printf(
          Locale.ROOT,
          "| %s | %s | %s |%n",
          name.equals(ours) ? "**" + name + "**" : name,
          Report.nanos(median(name)),
          name.equals(ours) ? "1" : toOurs(name));
    }
    out.println();
  }
}
