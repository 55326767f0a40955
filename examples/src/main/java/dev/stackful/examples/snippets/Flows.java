package dev.stackful.examples.snippets;

import dev.stackful.Generator;
import dev.stackful.SinkSubscriber;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;

/** A generator as a publisher, and a sink as a subscriber. */
public final class Flows {
  private Flows() {}

  // @start region="publisher"
  static Flow.Publisher<String> lines(int sections) {
    return Generator.<String>of(
            scope -> {
              for (int i = 1; i <= sections; i++) {
                scope.yield("# Section " + i);
                scope.yield("text");
              }
            })
        .publisher();
  }

  // @end

  /**
   * Subscribes the one to the other.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    SinkSubscriber<String, Map<String, Integer>> counts = Sections.LINES_OF_SECTIONS.subscriber();
    lines(2).subscribe(counts); // runs here and now: neither needs another thread
    System.out.println(counts.result().toCompletableFuture().join());
    // @start region="subscriber"
    SinkSubscriber<String, Map<String, Integer>> sections = Sections.LINES_OF_SECTIONS.subscriber();
    try (SubmissionPublisher<String> lines = new SubmissionPublisher<>()) {
      lines.subscribe(sections);
      lines.submit("# One");
      lines.submit("a");
    }
    System.out.println(sections.result().toCompletableFuture().join()); // {# One=1}
    // @end
  }
}
