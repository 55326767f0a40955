package dev.stackful.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Draws a trace of fibers as SVG: a row for each fiber, a box for each of its turns, in the order
 * of the turns, and the time where it jumps. {@link #main} writes {@code docs/pictures/trace.svg},
 * which a test compares with what this draws.
 */
final class TracePicture {
  private static final int LEFT = 90;
  private static final int TOP = 34;
  private static final int ROW = 26;
  private static final int BOX = 11;
  private static final int STEP = 13;

  private static final Pattern NAME =
      Pattern.compile(
          "\"ph\":\"M\",\"pid\":1,\"tid\":(\\d+),\"name\":\"thread_name\","
              + "\"args\":\\{\"name\":\"([^\"]*)\"");
  private static final Pattern TURN =
      Pattern.compile(
          "\"ph\":\"X\",\"pid\":1,\"tid\":(\\d+),\"ts\":(\\d+)\\.\\d+,.*\"then\":\"([^\"]*)\"");

  private TracePicture() {}

  /** Writes the file. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Documents.file("docs").resolve("pictures");
    Files.writeString(folder.resolve("trace.svg"), ofTheBakery());
  }

  /** Runs the example, and draws its trace. */
  static String ofTheBakery() throws Exception {
    Path trace = Files.createTempFile("trace", ".json");
    try {
      var _ = Printed.by(ProducersConsumers::main, "--trace", trace.toString());
      return draw("A trace of the bakery", trace);
    } finally {
      Files.delete(trace);
    }
  }

  private static String draw(String title, Path trace) throws IOException {
    String text = Files.readString(trace);
    Map<Integer, String> names = new TreeMap<>();
    for (MatchResult name : NAME.matcher(text).results().toList()) {
      if (!name.group(1).equals("0")) { // which is no fiber
        names.put(Integer.parseInt(name.group(1)), name.group(2));
      }
    }
    StringBuilder boxes = new StringBuilder();
    int[] first = new int[names.size() + 1];
    int[] last = new int[names.size() + 1];
    long minute = -1;
    int labelled = 0; // where the last label ends
    int x = LEFT;
    Matcher turn = TURN.matcher(text);
    while (turn.find()) {
      int fiber = Integer.parseInt(turn.group(1));
      long now = Long.parseLong(turn.group(2)) / 60_000_000;
      if (now != minute) {
        minute = now;
        x += 4;
        if (x >= labelled) {
          boxes.append(
              "<text x=\"%d\" y=\"%d\">%d:%02d</text>\n"
                  .formatted(x, TOP - 14, now / 60, now % 60));
          labelled = x + 34;
        }
        boxes.append(
            "<path class=\"time\" d=\"M%d %dv%d\"/>\n"
                .formatted(x - 3, TOP - 8, names.size() * ROW + 8));
      }
      boxes.append(
          "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"><title>%s</title></rect>\n"
              .formatted(
                  kind(turn.group(3)), x, row(fiber) + 5, BOX, ROW - 10, escaped(turn.group(3))));
      first[fiber] = first[fiber] == 0 ? x : first[fiber];
      last[fiber] = x;
      x += STEP;
    }
    StringBuilder rows = new StringBuilder();
    names.forEach(
        (fiber, name) ->
            rows.append(
                """
                <text x="8" y="%d">%s</text>
                <path class="life" d="M%d %dH%d"/>
                """
                    .formatted(
                        row(fiber) + 17,
                        escaped(name),
                        first[fiber],
                        row(fiber) + ROW / 2,
                        last[fiber])));
    int bottom = TOP + names.size() * ROW;
    String legend =
        legend(LEFT, bottom, "sleeps", "then it sleeps")
            + legend(LEFT + 150, bottom, "waits", "then it waits for another")
            + legend(LEFT + 370, bottom, "ends", "then it has ended");
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img">
    <title>%3$s</title>
    <style>
    text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: #768390 }
    .life { stroke: #8b949e; stroke-dasharray: 2 3 }
    .time { stroke: #8b949e; stroke-opacity: 0.35 }
    .sleeps { fill: #6cb6ff; stroke: #57606a }
    .waits { fill: #f7d774; stroke: #57606a }
    .ends { fill: #8b949e; stroke: #57606a }
    </style>
    %4$s%5$s%6$s</svg>
    """
        .formatted(x + 12, bottom + 34, title, rows, boxes, legend);
  }

  private static int row(int fiber) {
    return TOP + (fiber - 1) * ROW;
  }

  private static String kind(String then) {
    if (then.startsWith("sleep")) {
      return "sleeps";
    }
    return then.equals("succeeded") ? "ends" : "waits";
  }

  private static String legend(int x, int bottom, String kind, String text) {
    return """
    <rect class="%s" x="%d" y="%d" width="%d" height="12"/>
    <text x="%d" y="%d">%s</text>
    """
        .formatted(kind, x, bottom + 12, BOX, x + 18, bottom + 22, text);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
