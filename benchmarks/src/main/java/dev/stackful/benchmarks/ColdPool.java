package dev.stackful.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The command {@code stackful bench cold}: what the first coroutines of a program take, each of
 * which needs a stack that there isn't yet, beside the threads and continuations that could be in
 * their place; in JVMs of their own, in turn.
 */
final class ColdPool {
  private static final int ROUNDS = 7;

  private final PrintStream table;
  private final PrintStream progress;

  ColdPool(PrintStream table, PrintStream progress) {
    this.table = table;
    this.progress = progress;
  }

  void run() throws IOException, InterruptedException {
    for (int count : new int[] {1_000, 10_000}) {
      List<Programs.Program> programs = new ArrayList<>();
      for (ColdPoolMain.Kind kind : ColdPoolMain.Kind.values()) {
        programs.add(new Programs.Program(kind.label(), command(kind, count)));
      }
      Programs.compare(
          programs,
          ROUNDS,
          "one of the first %,d, all of which stay".formatted(count),
          "time, us",
          table,
          progress);
    }
  }

  /** Runs {@link ColdPoolMain}, whose first line is the microseconds that one of so many took. */
  static List<String> command(ColdPoolMain.Kind kind, int count) {
    return Programs.java(
        List.of("--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"),
        ColdPoolMain.class,
        kind.name(),
        Integer.toString(count));
  }
}
