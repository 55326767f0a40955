package dev.stackful.examples.snippets;

import dev.stackful.Coroutine;

/** A coroutine that is sent numbers, and yields their average so far. */
public final class Averager {
  private Averager() {}

  /**
   * Sends it three numbers.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    // @start region="averager"
    Coroutine<Double, Double> averager =
        Coroutine.of(
            (self, first) -> {
              double sum = first;
              for (int count = 1; ; count++) {
                sum += self.yield(sum / count);
              }
            });

    try (averager) {
      System.out.println(averager.resume(10.0)); // 10.0
      System.out.println(averager.resume(20.0)); // 15.0
      System.out.println(averager.resume(60.0)); // 30.0
    }
    // @end
  }
}
