package dev.stackful.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ratios are kept in a file, and later ones compared with them. */
final class SavedRatiosTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  @TempDir private Path folder;

  private static SavedRatios ratios(String processor, String what, double... rounds) {
    SequencedMap<String, MeasuredRatio> ratios = new LinkedHashMap<>();
    ratios.put(what, MeasuredRatio.of(rounds));
    return new SavedRatios(processor, ratios);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    SavedRatios saved = ratios("p, model 1", "a / b", 0.5, 0.25, 2);
    Path file = folder.resolve("ratios.tsv");
    saved.write(file);

    assertEquals(Map.of("p, model 1", saved), SavedRatios.read(file));
  }

  @Test
  void thoseOfAnotherProcessorStay() throws IOException {
    SavedRatios other = ratios("q", "a / b", 1);
    SavedRatios later = ratios("p", "a / b", 3);
    Path file = folder.resolve("ratios.tsv");
    ratios("p", "a / b", 2).write(file);
    other.write(file);
    later.write(file);

    assertEquals(Map.of("p", later, "q", other), SavedRatios.read(file));
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("other"), "a\tb\n");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> SavedRatios.read(file));

    assertTrue(refused.getMessage().contains("# processor: "), refused.getMessage());
  }

  @Test
  void worseIsWhatIsBeyondTheRoundsOfBoth() {
    SavedRatios before = ratios("p", "a / b", 1, 1.1, 1.2);

    assertEquals(0, ratios("p", "a / b", 1.15, 1.3, 1.4).compareWith(before, out), said());
    assertEquals(0, ratios("p", "a / b", 0.5, 0.5, 0.5).compareWith(before, out), said());
    assertEquals(1, ratios("p", "a / b", 1.25, 1.65, 1.7).compareWith(before, out), said());
    assertTrue(said().contains("worse by 50 %: a / b is 1.65 (1.25 to 1.70)"), said());
  }

  @Test
  void whatIsInOneRunOnlyAndAnotherProcessorAreTold() {
    ratios("p", "a / b", 1).compareWith(ratios("q", "c / d", 1), out);

    assertTrue(said().contains("from another processor, q; this is p"), said());
    assertTrue(said().contains("new: a / b"), said());
    assertTrue(said().contains("not measured: c / d"), said());
  }
}
