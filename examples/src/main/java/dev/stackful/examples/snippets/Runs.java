package dev.stackful.examples.snippets;

import dev.stackful.Transducer;
import java.util.stream.Stream;

/** A run-length code, as a loop inside a stream pipeline. */
public final class Runs {
  private Runs() {}

  // @start region="transducer"
  static final Transducer<String, String> RUN_LENGTHS =
      Transducer.of(
          (source, scope) -> {
            while (source.hasNext()) {
              String element = source.next();
              int count = 1;
              while (source.hasNext() && source.peek().equals(element)) {
                source.next();
                count++;
              }
              scope.yield(count + element);
            }
          });

  // @end

  /**
   * Encodes a stream.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    // @start region="use"
    System.out.println(
        Stream.of("a", "a", "b", "c", "c", "c").gather(RUN_LENGTHS).toList()); // [2a, 1b, 3c]
    // @end
  }
}
