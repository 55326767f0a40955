package dev.stackful.examples.snippets;

import dev.stackful.PeekableIterator;
import dev.stackful.Sink;
import dev.stackful.SinkRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A parser that pulls its lines, fed by whoever has them. */
public final class Sections {
  private Sections() {}

  // @start region="sink"
  static final Sink<String, Map<String, Integer>> LINES_OF_SECTIONS =
      Sink.of(
          lines -> {
            Map<String, Integer> sections = new LinkedHashMap<>();
            while (lines.hasNext()) {
              String title = lines.next();
              sections.put(title, linesUpToTitle(lines));
            }
            return sections;
          });

  static int linesUpToTitle(PeekableIterator<String> lines) {
    int count = 0;
    while (lines.hasNext() && !lines.peek().startsWith("#")) {
      lines.next();
      count++;
    }
    return count;
  }

  // @end

  /**
   * Feeds it, by a callback and by a stream.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    List<String> document = List.of("# One", "a", "b", "# Two", "# Three", "c");
    // @start region="use"
    try (SinkRun<String, Map<String, Integer>> run = LINES_OF_SECTIONS.open()) {
      document.forEach(run); // a callback, for each line when it comes
      System.out.println(run.finish()); // {# One=2, # Two=0, # Three=1}
    }
    // @end
    // @start region="collector"
    Map<String, Integer> sections =
        Stream.of("# Four", "d", "e", "f").collect(LINES_OF_SECTIONS.collector());
    System.out.println(sections); // {# Four=3}
    // @end
  }
}
