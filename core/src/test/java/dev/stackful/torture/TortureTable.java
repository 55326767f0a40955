package dev.stackful.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What ran, as a table in Markdown. */
final class TortureTable {
  private static final String MARK = "<!-- written by ./stackful torture --write -->";
  private static final String MARK_OBSERVED =
      "<!-- what observers saw, written by ./stackful torture --write -->";

  /** The next part of a page. */
  private static final Pattern HEADING = Pattern.compile("(?m)^## ");

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

  /**
   * Puts the table into a page, below its mark, and what observers saw below another. A table of
   * which there is nothing new stays as it is.
   */
  void write(Path page, String headline) throws IOException {
    String text = Files.readString(page);
    List<Row> observed =
        rows.stream().filter(row -> !row.configuration.observers().isEmpty()).toList();
    List<Row> others = rows.stream().filter(row -> !observed.contains(row)).toList();
    text =
        replace(text, MARK, headline, others, "Faults | Verdict |\n|---|---|--:|--:|--:|--:|---|");
    text = replace(text, MARK_OBSERVED, headline, observed, "Seen |\n|---|---|--:|--:|--:|---|");
    Files.writeString(page, text);
  }

  private static String replace(
      String page, String mark, String headline, List<Row> rows, String lastColumns)
      throws IOException {
    if (rows.isEmpty()) {
      return page;
    }
    int start = page.indexOf(mark);
    if (start < 0) {
      throw new IOException("no line " + mark);
    }
    start += mark.length();
    Matcher next = HEADING.matcher(page);
    int end = next.find(start) ? next.start() : page.length();
    return page.substring(0, start)
        + ("\n\n" + markdown(headline, rows, lastColumns) + "\n" + page.substring(end))
            .stripTrailing()
        + "\n";
  }

  private static String markdown(String headline, List<Row> rows, String lastColumns) {
    StringBuilder text = new StringBuilder(headline).append("\n\n");
    String jdks =
        rows.stream().map(row -> row.jdk.title()).distinct().collect(Collectors.joining("; "));
    text.append("JVMs: ").append(jdks).append(".\n\n");
    text.append("| Program | Configuration | Switches | JVMs | Seconds | ");
    text.append(lastColumns).append("\n");
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
                        "| %s | %s | %,d | %d | %d | %s |%n",
                        row.program.title(),
                        row.configuration.title() + (row.jdk.isOwn() ? "" : ", " + row.jdk.title()),
                        row.outcome.switches(),
                        row.jvms,
                        row.millis / 1_000,
                        lastCells(row))));
    return text.toString();
  }

  private static String lastCells(Row row) {
    TortureRun.Verdict verdict = row.outcome.verdict();
    if (row.configuration.observers().isEmpty()) {
      return (verdict.isFault() ? 1 : 0) + " | " + verdict;
    }
    return verdict == TortureRun.Verdict.OK
        ? row.outcome.detail()
        : verdict + ": " + row.outcome.detail().replaceAll("see .*/target/", "see target/");
  }
}
