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

/** What ran, as a table in Markdown. */
final class TortureTable {
  private static final String MARK = "<!-- written by ./stackful torture --write -->";
  private static final String MARK_OBSERVED =
      "<!-- what observers saw, written by ./stackful torture --write -->";
  private static final String MARK_OTHERS =
      "<!-- other JVMs, written by ./stackful torture --write -->";

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
   * Puts the table into a page, below its mark, and what observers saw and what ran on other JVMs
   * below theirs. A table of which there is nothing new stays as it is.
   */
  void write(Path page, String headline) throws IOException {
    String text = Files.readString(page);
    List<Row> others = rows.stream().filter(row -> !row.jdk.isOwn()).toList();
    List<Row> own = rows.stream().filter(row -> row.jdk.isOwn()).toList();
    List<Row> observed =
        own.stream().filter(row -> !row.configuration.observers().isEmpty()).toList();
    List<Row> plain = own.stream().filter(row -> row.configuration.observers().isEmpty()).toList();
    text =
        replace(
            text, MARK, headline, plain, table(plain, "Faults | Verdict", "--:|--:|--:|--:|---"));
    text =
        replace(
            text, MARK_OBSERVED, headline, observed, table(observed, "Seen", "--:|--:|--:|---"));
    text = replace(text, MARK_OTHERS, headline, others, besides(others));
    Files.writeString(page, text);
  }

  private static String replace(
      String page, String mark, String headline, List<Row> rows, String table) throws IOException {
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
    String jdks = String.join("; ", jdks(rows));
    return page.substring(0, start)
        + ("\n\n" + headline + "\n\nJVMs: " + jdks + ".\n\n" + table + "\n" + page.substring(end))
            .stripTrailing()
        + "\n";
  }

  private static List<String> jdks(List<Row> rows) {
    return rows.stream().map(row -> row.jdk.title()).distinct().sorted().toList();
  }

  private static String table(List<Row> rows, String lastColumns, String lastAlignments) {
    StringBuilder text = new StringBuilder();
    text.append("| Program | Configuration | Switches | JVMs | Seconds | ");
    text.append(lastColumns).append(" |\n|---|---|").append(lastAlignments).append("|\n");
    rows.stream()
        .sorted(Comparator.comparing(Row::program).thenComparing(Row::configuration))
        .forEach(
            row ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %s | %,d | %d | %d | %s |%n",
                        row.program.title(),
                        row.configuration.title(),
                        row.outcome.switches(),
                        row.jvms,
                        row.millis / 1_000,
                        lastCells(row))));
    return text.toString();
  }

  /** The switches of each JDK beside those of the others, and whatever did not end well. */
  private static String besides(List<Row> rows) {
    List<String> jdks = jdks(rows);
    StringBuilder text = new StringBuilder("| Program | Configuration |");
    jdks.forEach(jdk -> text.append(' ').append(jdk).append(" |"));
    text.append("\n|---|---|").append("--:|".repeat(jdks.size())).append('\n');
    for (TortureProgram program : TortureProgram.values()) {
      for (TortureConfiguration configuration : TortureConfiguration.REDUCED) {
        List<Row> cells =
            rows.stream()
                .filter(row -> row.program == program && row.configuration == configuration)
                .toList();
        if (!cells.isEmpty()) {
          text.append(String.format("| %s | %s |", program.title(), configuration.title()));
          jdks.forEach(jdk -> text.append(' ').append(cell(cells, jdk)).append(" |"));
          text.append('\n');
        }
      }
    }
    return text.toString();
  }

  private static String cell(List<Row> rows, String jdk) {
    return rows.stream()
        .filter(row -> row.jdk.title().equals(jdk))
        .map(
            row ->
                String.format(Locale.ROOT, "%,d", row.outcome.switches())
                    + (row.outcome.verdict() == TortureRun.Verdict.OK
                        ? ""
                        : " " + row.outcome.verdict()))
        .findFirst()
        .orElse("did not run");
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
