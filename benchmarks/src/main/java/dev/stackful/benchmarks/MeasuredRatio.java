package dev.stackful.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * A ratio in the rounds of one run.
 *
 * @param median that of the median round
 * @param least the least of any round
 * @param greatest the greatest
 */
record MeasuredRatio(double median, double least, double greatest) {
  static MeasuredRatio of(double... rounds) {
    double[] sorted = rounds.clone();
    Arrays.sort(sorted);
    return new MeasuredRatio(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }

  /**
   * By what part this is more than another, beyond what the rounds of either differ among
   * themselves; 0 if their ranges meet.
   */
  double excessOver(MeasuredRatio other) {
    return least > other.greatest ? median / other.median - 1 : 0;
  }

  @Override
  public String toString() {
    return "%s (%s to %s)".formatted(figures(median), figures(least), figures(greatest));
  }

  /** Three significant digits, or a whole number. */
  private static String figures(double ratio) {
    return String.format(Locale.ROOT, ratio < 999.5 ? "%.3g" : "%,.0f", ratio);
  }
}
