package dev.stackful.examples.snippets;

import dev.stackful.Generator;
import java.util.stream.Stream;

/** A generator whose body runs ahead. */
public final class Buffered {
  private Buffered() {}

  /**
   * Sums a million squares.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    // @start region="buffered"
    Generator<Long> squares =
        Generator.of(
            scope -> {
              for (long i = 1; i <= 1_000_000; i++) {
                scope.yield(i * i);
              }
            });

    try (Stream<Long> numbers = squares.buffered(64).stream()) { // a switch for every 64 elements
      System.out.println(numbers.mapToLong(n -> n).sum()); // 333333833333500000
    }
    // @end
  }
}
