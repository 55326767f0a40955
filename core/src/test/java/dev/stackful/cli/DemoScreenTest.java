package dev.stackful.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.cli.StacksView.Stack;
import dev.stackful.cli.StacksView.State;
import dev.stackful.fiber.FiberRuntime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code demo --watch} draws. */
final class DemoScreenTest {
  private static final List<Stack> STACKS =
      List.of(
          new Stack("main", State.WAITING, List.of("main", "run")),
          new Stack("thread 1", State.RUNNING, List.of("count", "println")),
          new Stack("thread 2", State.READY, List.of("count", "yieldNow")));

  private static String book() throws IOException {
    try (var golden = DemoScreenTest.class.getResourceAsStream("c-fibers-output.txt")) {
      return new String(golden.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String run(String... arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertEquals(0, Main.run(List.of(arguments), out, out));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String watched() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Demo.run(FiberRuntime.builder(), out, new DemoScreen(out, 2, Duration.ZERO));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void stacksAreDrawnWithTheOneThatRunsAndItsStackPointer() {
    assertEquals(
        """
          main             thread 1         thread 2
        +----------+     +----------+     +----------+
        | main     |     | count    |     | count    |
        | run      |     | println  |<-sp | yieldNow |
        +----------+     +----------+     +----------+
          Waiting          Running          Ready
        """,
        String.join("\n", StacksView.draw(STACKS, false)) + "\n");
  }

  @Test
  void anEmptyStackHasNoStackPointer() {
    assertEquals(
        """
          thread 1
        +----------+
        |          |
        |          |
        +----------+
          Available
        """,
        String.join(
                "\n",
                StacksView.draw(List.of(new Stack("thread 1", State.AVAILABLE, List.of())), false))
            + "\n");
  }

  @Test
  void onlyTheStackThatRunsIsHighlighted() {
    List<String> rows = StacksView.draw(STACKS, true);
    assertEquals("  main           \033[7m  thread 1\033[m         thread 2", rows.getFirst());
    assertEquals(
        StacksView.draw(STACKS, false),
        rows.stream().map(row -> row.replace("\033[7m", "").replace("\033[m", "")).toList());
  }

  @Test
  void linesStandBesideTheStacks() {
    List<String> rows = DemoScreen.frame(List.of("THREAD 1 STARTING", "thread: 1"), STACKS);
    assertEquals(StacksView.HEIGHT, rows.size());
    assertTrue(rows.get(0).startsWith("THREAD 1 STARTING            main"), rows.get(0));
    assertTrue(rows.get(1).startsWith("thread: 1                  +---"), rows.get(1));
    assertTrue(rows.stream().allMatch(row -> row.replaceAll("\033\\[\\d*m", "").length() < 80));
  }

  /** A terminal as far as the demo uses it: new lines, a return with some rows up, and clearing. */
  @Test
  void whatStaysOnTheTerminalAreTheBooksLines() throws IOException {
    List<String> screen = new ArrayList<>();
    Matcher piece = Pattern.compile("\r\033\\[(\\d+)A\033\\[J|([^\n\r]*)\r?\n").matcher(watched());
    int end = 0;
    while (piece.find()) {
      assertEquals(end, piece.start());
      end = piece.end();
      if (piece.group(1) != null) {
        int rows = Integer.parseInt(piece.group(1));
        screen.subList(screen.size() - rows, screen.size()).clear();
      } else {
        screen.add(piece.group(2));
      }
    }
    assertEquals(book(), String.join("\n", screen) + "\n");
  }

  @Test
  void eachLineIsShownWhileItsThreadRuns() throws IOException {
    List<String> frames = List.of(watched().split("\r\033\\[6A\033\\[J"));
    List<String> lines = book().lines().toList();
    assertEquals(lines.size() + 2, frames.size()); // and one when all have ended, and the rest
    for (int i = 0; i < lines.size(); i++) {
      String frame = frames.get(i);
      assertTrue(frame.contains(lines.get(i)), frame);
      String running = "\033[7m  thread " + lines.get(i).replaceAll("\\D*(\\d).*", "$1") + "\033[m";
      assertTrue(frame.contains(running), frame);
    }
    String last = frames.get(lines.size());
    assertTrue(last.contains("\033[7m  main\033[m"), last);
    assertEquals(2, Pattern.compile("Available").matcher(last).results().count(), last);
  }

  @Test
  void whereThereIsNoTerminalItPrintsThePlainLines() throws IOException {
    assertEquals(book(), run("demo", "--watch"));
  }

  @Test
  void nothingIsDrawnForWhoWantsItPlain() {
    assertTrue(DemoScreen.allowsDrawing(Map.of("TERM", "xterm", "NO_COLOR", "")));
    assertFalse(DemoScreen.allowsDrawing(Map.of("TERM", "xterm", "NO_COLOR", "1")));
    assertFalse(DemoScreen.allowsDrawing(Map.of("TERM", "dumb")));
  }
}
