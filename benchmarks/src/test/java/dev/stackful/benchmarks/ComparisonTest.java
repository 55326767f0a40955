package dev.stackful.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each time is compared with ours of the same round. */
final class ComparisonTest {
  private final Comparison comparison = new Comparison("ours");

  private void round(double ours, double theirs) {
    comparison.add("theirs", theirs);
    comparison.add("ours", ours);
  }

  @Test
  void aRoundInWhichTheMachineWasSlowChangesNoRatio() {
    round(10, 20);
    round(100, 200);
    round(11, 33);
    assertEquals(new MeasuredRatio(2, 2, 3), comparison.toOurs("theirs"));
  }

  @Test
  void theFastestComesFirst() {
    round(10, 20);
    assertEquals(List.of("ours", "theirs"), comparison.names());
  }

  @Test
  void theTableNamesWhatAllAreComparedWith() {
    round(10, 25);
    String table = printed();
    assertTrue(table.contains("| **ours** | 10.0 | 1 |"), table);
    assertTrue(table.contains("| theirs | 25.0 | 2.50 (2.50 to 2.50) |"), table);
  }

  @Test
  void ratiosOfThousandsAreWholeNumbers() {
    round(10, 13_840);
    round(10, 12_340);
    round(10, 9_994);
    String table = printed();
    assertTrue(table.contains("| theirs | 12,340 | 1,234 (999 to 1,384) |"), table);
  }

  private String printed() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    comparison.print("a thing", "ns", new PrintStream(printed, true, StandardCharsets.UTF_8));
    return printed.toString(StandardCharsets.UTF_8);
  }
}
