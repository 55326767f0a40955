package dev.stackful.examples.snippets;

import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import java.util.stream.Stream;

/** A sequence without an end, taken as a stream and by an iterator. */
public final class Fibonacci {
  private Fibonacci() {}

  /**
   * Prints the first ten, and then those below 50.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    // @start region="fibonacci"
    Generator<Long> fibonacci =
        Generator.of(
            scope -> {
              long a = 0;
              long b = 1;
              while (true) {
                scope.yield(a);
                long sum = Math.addExact(a, b);
                a = b;
                b = sum;
              }
            });

    try (Stream<Long> numbers = fibonacci.stream()) {
      System.out.println(numbers.limit(10).toList()); // [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]
    }

    try (GeneratorIterator<Long> numbers = fibonacci.iterator()) {
      for (long n = numbers.next(); n < 50; n = numbers.next()) {
        System.out.print(n + " "); // 0 1 1 2 3 5 8 13 21 34
      }
    } // unwinds the body, which is still in its loop
    // @end
    System.out.println();
  }
}
