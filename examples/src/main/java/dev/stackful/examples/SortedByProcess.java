package dev.stackful.examples;

import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A process between two sequences: a generator's lines go to the standard input of {@code sort},
 * and what it prints is a generator again.
 *
 * <p>All is one thread, so this is for a process that prints when it has read all, as {@code sort}
 * does: one that prints meanwhile would wait for its reader with its pipe full.
 */
public final class SortedByProcess {
  private SortedByProcess() {}

  /**
   * Lines, in the order of their bytes.
   *
   * @param lines any number, without line breaks in them
   * @return a generator, which starts a process for each iterator
   */
  public static Generator<String> sorted(Generator<String> lines) {
    return Generator.of(
        scope -> {
          ProcessBuilder builder = new ProcessBuilder("sort");
          builder.environment().put("LC_ALL", "C");
          Process sort = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
          try {
            feed(sort, lines);
            try (BufferedReader out = sort.inputReader()) {
              for (String line = out.readLine(); line != null; line = out.readLine()) {
                scope.yield(line);
              }
            }
            int status = sort.waitFor();
            if (status != 0) {
              throw new IOException("sort has ended with " + status);
            }
          } finally {
            sort.destroy(); // where nobody wanted the last line
          }
        });
  }

  private static void feed(Process process, Generator<String> lines) throws IOException {
    try (BufferedWriter in = process.outputWriter();
        GeneratorIterator<String> iterator = lines.iterator()) {
      while (iterator.hasNext()) {
        in.write(iterator.next());
        in.newLine();
      }
    }
  }

  /**
   * Prints the first of many words, sorted.
   *
   * @param arguments how many to sort; without one, 100,000
   */
  public static void main(String[] arguments) {
    int count = 100_000;
    try {
      count = arguments.length > 0 ? Integer.parseInt(String.join(" ", arguments)) : count;
    } catch (NumberFormatException e) {
      count = 0; // which is refused, too
    }
    if (count < 1) {
      System.err.println("usage: SortedByProcess [COUNT]; a whole number, one at least");
      System.exit(2);
    }
    try (Stream<String> sorted = sorted(words(count)).stream()) {
      sorted.limit(3).forEach(System.out::println);
    }
  }

  private static Generator<String> words(int count) {
    return Generator.of(
        scope -> {
          Random random = new Random(42);
          for (int i = 0; i < count; i++) {
            scope.yield(Integer.toString(random.nextInt(36 * 36 * 36 * 36), 36));
          }
        });
  }
}
