package dev.stackful.torture;

import dev.stackful.observers.Observer;
import dev.stackful.torture.TortureRun.Outcome;
import dev.stackful.torture.TortureRun.Verdict;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The command {@code ./stackful torture}. */
public final class Torture {
  private static final String USAGE =
      """
      usage: stackful torture [--minutes N] [--seed SEED] [--java JAVA]... [--write] [FILTER...]
             stackful torture --list [--java JAVA]... [FILTER...]

      Runs programs that strain the library, each under every configuration of the JVM, in a JVM of
      its own, for N minutes in all (10). In too short a time it takes as many pairs of a program and a
      configuration as fit, other ones with every seed; the first ones are of every kind.

        --list       lists the pairs
        --java JAVA  another JVM besides, with fewer configurations: another JDK, or tools/java-arm64
        --seed SEED  repeats what was made up in a run that printed this seed
        --write      writes the table into docs/torture.md
        FILTER       only pairs whose name contains this, as in fibers, z, fibers/z; a whole
                     name of a program or a configuration stands for itself alone

      What a fault leaves is kept in target/torture.
      """;

  /** Less than this finds little: the JVM has hardly compiled anything by then. */
  private static final long LEAST_SECONDS = 3;

  /** So many JVMs an observer gets that has seen nothing in the time that there was. */
  private static final int MOST_JVMS = 5;

  private record Pair(TortureProgram program, TortureConfiguration configuration, TortureJdk jdk) {
    String title() {
      return program.title() + "/" + configuration.title() + (jdk.isOwn() ? "" : "/" + jdk.title());
    }
  }

  private final List<String> filters = new ArrayList<>();
  private final List<TortureJdk> jdks = new ArrayList<>();
  private final Path root = Path.of(System.getProperty("stackful.root", "."));
  private final List<String> arguments;
  private double minutes = 10;
  private long seed = System.nanoTime() % 1_000_000;
  private boolean list;
  private boolean write;

  private Torture(List<String> arguments) throws Exception {
    this.arguments = arguments;
    jdks.add(TortureJdk.own());
    Deque<String> left = new ArrayDeque<>(arguments);
    while (!left.isEmpty()) {
      take(left.remove(), left);
    }
  }

  private void take(String argument, Deque<String> left) throws Exception {
    switch (argument) {
      case "--minutes" -> minutes = number(argument, left.poll());
      case "--seed" -> seed = (long) number(argument, left.poll());
      case "--java" -> {
        if (left.isEmpty()) {
          throw new IllegalArgumentException("--java takes a command that starts a JVM");
        }
        jdks.add(TortureJdk.of(left.remove()));
      }
      case "--list" -> list = true;
      case "--write" -> write = true;
      default -> {
        if (argument.startsWith("-")) {
          throw new IllegalArgumentException("no such option: " + argument);
        }
        filters.add(argument.toLowerCase(Locale.ROOT));
      }
    }
  }

  private static double number(String option, String text) {
    if (text == null || !text.matches("\\d{1,9}([.]\\d{1,9})?")) {
      throw new IllegalArgumentException(option + " takes a number");
    }
    return Double.parseDouble(text);
  }

  /** Runs it. */
  @SuppressWarnings("SystemExitOutsideMain")
  public static void main(String[] arguments) throws Exception {
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.print(USAGE);
      return;
    }
    Torture torture;
    List<Pair> pairs;
    try {
      torture = new Torture(List.of(arguments));
      pairs = torture.pairs();
    } catch (IllegalArgumentException e) {
      System.err.println("stackful torture: " + e.getMessage() + "\n" + USAGE);
      System.exit(2);
      return;
    }
    if (torture.list) {
      for (TortureProgram program : TortureProgram.values()) {
        System.out.printf("%-12s %s%n", program.title(), program.description());
      }
      pairs.forEach(pair -> System.out.println(pair.title()));
      return;
    }
    System.exit(torture.run(pairs) ? 0 : 1);
  }

  /**
   * All pairs that are asked for, in such an order that the first ones have every configuration,
   * and programs in turn.
   */
  private List<Pair> pairs() {
    record Column(TortureConfiguration configuration, TortureJdk jdk) {}
    List<Column> columns = new ArrayList<>();
    for (TortureJdk jdk : jdks) {
      List<TortureConfiguration> configurations =
          jdk.isOwn() ? List.of(TortureConfiguration.values()) : TortureConfiguration.REDUCED;
      configurations.forEach(configuration -> columns.add(new Column(configuration, jdk)));
    }
    TortureProgram[] programs = TortureProgram.values();
    List<Pair> pairs = new ArrayList<>();
    for (int shift = 0; shift < programs.length; shift++) {
      for (int i = 0; i < columns.size(); i++) {
        int program = (int) ((seed + shift + i) % programs.length);
        Column column = columns.get(i);
        Pair pair = new Pair(programs[program], column.configuration, column.jdk);
        if (isAskedFor(pair)) {
          pairs.add(pair);
        }
      }
    }
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("nothing is called " + String.join(" or ", filters));
    }
    return pairs;
  }

  private boolean isAskedFor(Pair pair) {
    return filters.isEmpty() || filters.stream().anyMatch(filter -> matches(filter, pair));
  }

  private static boolean matches(String filter, Pair pair) {
    boolean isName =
        Arrays.stream(TortureProgram.values()).anyMatch(p -> p.title().equals(filter))
            || Arrays.stream(TortureConfiguration.values()).anyMatch(c -> c.title().equals(filter));
    return isName
        ? pair.program.title().equals(filter) || pair.configuration.title().equals(filter)
        : pair.title().toLowerCase(Locale.ROOT).contains(filter);
  }

  private boolean run(List<Pair> pairs) throws Exception {
    System.out.println("seed " + seed + "; " + pairs.size() + " pairs");
    TortureTable table = new TortureTable();
    long start = System.nanoTime();
    long end = start + (long) (minutes * 60e9);
    double overhead = 1;
    for (int i = 0; i < pairs.size(); i++) {
      double share = (end - System.nanoTime()) / 1e9 / (pairs.size() - i) - overhead;
      long seconds = Math.max(LEAST_SECONDS, (long) share);
      if (i > 0 && System.nanoTime() + (long) ((seconds + overhead) * 1e9) > end) {
        break;
      }
      long before = System.nanoTime();
      TortureTable.Row row = torture(pairs.get(i), seconds);
      double took = (System.nanoTime() - before) / 1e9;
      overhead += (Math.max(0, took - seconds) - overhead) / (i + 1);
      table.add(row);
      System.out.println(TortureTable.line(row));
    }
    long leftOut =
        table.rows().stream().filter(row -> row.outcome().verdict() == Verdict.LEFT_OUT).count();
    long ran = table.rows().size() - leftOut;
    String summary =
        String.format(
            Locale.ROOT,
            "%,d switches in %d of %d pairs, %.1f minutes",
            table.switches(),
            ran,
            pairs.size(),
            (System.nanoTime() - start) / 60e9);
    System.out.println(summary);
    if (write) {
      table.write(
          root.resolve("docs/torture.md"),
          String.format(
              Locale.ROOT,
              "`./stackful torture %s` on %s, seed %d, %s %s, %d processors: %s, %d faults.",
              String.join(" ", arguments),
              LocalDate.now(ZoneOffset.UTC),
              seed,
              System.getProperty("os.name"),
              System.getProperty("os.version"),
              Runtime.getRuntime().availableProcessors(),
              summary,
              table.faults()));
    }
    System.out.printf("%d passed, %d failed%n", ran - table.faults(), table.faults());
    return ran > 0 && table.faults() == 0;
  }

  /** Runs a pair in JVMs one after the other, until the time is over or a fault comes. */
  private TortureTable.Row torture(Pair pair, long seconds) throws Exception {
    String name = pair.title().replaceAll("[^A-Za-z0-9.-]+", "-") + "-" + seed;
    Path folder = root.resolve("target/torture").resolve(name);
    TortureRun run = new TortureRun(pair.jdk, pair.configuration, folder);
    long start = System.nanoTime();
    long switches = 0;
    int jvms = 0;
    Outcome outcome;
    do {
      long left = seconds - (System.nanoTime() - start) / 1_000_000_000L;
      outcome = run.run(pair.program, Math.max(1, left), seed + 1_000_000L * jvms);
      switches += outcome.switches();
      jvms++;
    } while (outcome.verdict() == Verdict.OK
        && ((System.nanoTime() - start) / 1_000_000_000L < seconds - 1
            || (mustSee(pair) && !hasSeen(run) && jvms < MOST_JVMS)));
    if (outcome.verdict() == Verdict.OK && mustSee(pair) && !hasSeen(run)) {
      outcome = new Outcome(Verdict.BLIND, switches, outcome.detail());
    }
    return new TortureTable.Row(
        pair.program,
        pair.configuration,
        pair.jdk,
        jvms,
        (System.nanoTime() - start) / 1_000_000,
        new Outcome(outcome.verdict(), switches, outcome.detail()));
  }

  /** The JVMs of some programs end before much can be seen of them. */
  private static boolean mustSee(Pair pair) {
    return pair.program != TortureProgram.EXIT;
  }

  private static boolean hasSeen(TortureRun run) {
    return run.observers().stream().allMatch(Observer::hasSeen);
  }
}
