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
    return String.format(Locale.ROOT, "%.3g (%.3g to %.3g)", median, least, greatest);
  }
}
