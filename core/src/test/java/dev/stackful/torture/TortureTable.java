package dev.stackful.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What ran, as a table in Markdown. */
final class TortureTable {
  private static final String MARK = "<!-- written by ./stackful torture --write -->";

  /** A program under a configuration, in as many JVMs, one after the other. */
  record Row(
      TortureProgram program,
      TortureConfiguration configuration,
      TortureJdk jdk,
      int jvms,
      long millis,
      TortureRun.Outcome outcome) {}

  private final List<Row> rows = new ArrayList<>();

  void add(Row row) {
    rows.add(row);
  }

  List<Row> rows() {
    return rows;
  }

  long faults() {
    return rows.stream().filter(row -> row.outcome.verdict().isFault()).count();
  }

  long switches() {
    return rows.stream().mapToLong(row -> row.outcome.switches()).sum();
  }

  /** One line for the terminal. */
  static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "%-9s %-12s %-24s %,14d switches, %d JVM%s, %d s  %s",
        row.outcome.verdict() == TortureRun.Verdict.LEFT_OUT ? "left out" : row.outcome.verdict(),
        row.program.title(),
        row.configuration.title() + (row.jdk.isOwn() ? "" : ", " + row.jdk.title()),
        row.outcome.switches(),
        row.jvms,
        row.jvms == 1 ? "" : "s",
        row.millis / 1_000,
        row.outcome.detail());
  }

  /** Puts the table into a page, below its mark. */
  void write(Path page, String headline) throws IOException {
    String text = Files.readString(page);
    int mark = text.indexOf(MARK);
    if (mark < 0) {
      throw new IOException("no line " + MARK + " in " + page);
    }
    Files.writeString(page, text.substring(0, mark) + MARK + "\n\n" + markdown(headline));
  }

  private String markdown(String headline) {
    StringBuilder text = new StringBuilder(headline).append("\n\n");
    String jdks =
        rows.stream().map(row -> row.jdk.title()).distinct().collect(Collectors.joining("; "));
    text.append("JVMs: ").append(jdks).append(".\n\n");
    text.append("| Program | Configuration | Switches | JVMs | Seconds | Faults | Verdict |\n");
    text.append("|---|---|--:|--:|--:|--:|---|\n");
    rows.stream()
        .sorted(
            Comparator.comparing(Row::program)
                .thenComparing(row -> !row.jdk.isOwn())
                .thenComparing(row -> row.jdk.title())
                .thenComparing(Row::configuration))
        .forEach(
            row ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %s | %,d | %d | %d | %d | %s |%n",
                        row.program.title(),
                        row.configuration.title() + (row.jdk.isOwn() ? "" : ", " + row.jdk.title()),
                        row.outcome.switches(),
                        row.jvms,
                        row.millis / 1_000,
                        row.outcome.verdict().isFault() ? 1 : 0,
                        row.outcome.verdict())));
    return text.toString();
  }
}
