package dev.stackful.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The command {@code stackful bench busy}: what it costs that the threads of the fallback engines
 * spin before they park, on machines that are idle, busy, and have one processor. Each setting is
 * measured as it is and with {@code stackful.spin=false}, in JVMs of their own, in turn.
 */
final class BusyMachine {
  private static final int ROUNDS = 5;
  private static final String PARKS = "parks at once";
  private static final String SPINS = "spins first";

  /** Longer than a side spins for one that is awake. */
  private static final int LONG_TURN_MICROS = 30;

  private enum Machine {
    IDLE("idle"),
    BUSY("busy"),
    ONE_PROCESSOR("one processor");

    private final String label;

    Machine(String label) {
      this.label = label;
    }
  }

  /**
   * One row of the table.
   *
   * @param turnMicros how long each side computes before it hands over
   */
  private record Setting(Machine machine, String engine, int turnMicros) {
    List<String> command(String... options) {
      List<String> command =
          Programs.java(List.of(options), HandoffMain.class, engine, Integer.toString(turnMicros));
      return machine == Machine.ONE_PROCESSOR ? Programs.onOneProcessor(command) : command;
    }

    /** For people. */
    String label() {
      return "%s | %s | %s"
          .formatted(machine.label, engine, turnMicros == 0 ? "" : turnMicros + " us");
    }
  }

  /** What the rounds have given for a setting. */
  private static final class Row {
    final Comparison times = new Comparison(PARKS);
    final Comparison processorTimes = new Comparison(PARKS);

    void measure(String name, List<String> command) throws IOException, InterruptedException {
      String[] numbers = Programs.firstLine(command).split(" ", 2);
      times.add(name, Double.parseDouble(numbers[0]));
      processorTimes.add(name, Double.parseDouble(numbers[1]));
    }
  }

  private final PrintStream table;
  private final PrintStream progress;

  BusyMachine(PrintStream table, PrintStream progress) {
    this.table = table;
    this.progress = progress;
  }

  void run() throws IOException, InterruptedException {
    Map<Setting, Row> rows = new LinkedHashMap<>();
    for (Machine machine : Machine.values()) {
      for (int turnMicros : new int[] {0, LONG_TURN_MICROS}) {
        for (String engine : List.of("PLATFORM_THREAD", "VIRTUAL_THREAD")) {
          rows.put(new Setting(machine, engine, turnMicros), new Row());
        }
      }
    }
    for (int round = 1; round <= ROUNDS; round++) {
      for (Map.Entry<Setting, Row> entry : rows.entrySet()) {
        Setting setting = entry.getKey();
        progress.printf("round %d of %d: %s%n", round, ROUNDS, setting.label());
        if (setting.machine() == Machine.BUSY) {
          measureBesideAnother(setting, entry.getValue());
        } else {
          measure(setting, entry.getValue());
        }
      }
    }
    print(rows);
  }

  private static void measureBesideAnother(Setting setting, Row row)
      throws IOException, InterruptedException {
    Process other = new ProcessBuilder(Programs.java(List.of(), BusyMain.class)).start();
    try (BufferedReader said = other.inputReader()) {
      if (said.readLine() == null) {
        throw new IOException("the program that keeps the processors busy has failed");
      }
      measure(setting, row);
    } finally {
      other.destroy();
      other.waitFor();
    }
  }

  private static void measure(Setting setting, Row row) throws IOException, InterruptedException {
    row.measure(PARKS, setting.command(Jvm.PARK_AT_ONCE));
    row.measure(SPINS, setting.command());
  }

  private void print(Map<Setting, Row> rows) {
    Programs.printMachine(table);
    table.printf(
        "| machine | engine | turns of | %s: time, ns | processor time | %s: time, ns"
            + " | processor time | ratio of times | of processor times |%n",
        PARKS, SPINS);
    table.println("|---|---|--:|--:|--:|--:|--:|--:|--:|");
    rows.forEach(
        (setting, row) ->
            table.printf(
                "| %s | %s | %s | %s | %s | %s | %s |%n",
                setting.label(),
                Report.nanos(row.times.median(PARKS)),
                Report.nanos(row.processorTimes.median(PARKS)),
                Report.nanos(row.times.median(SPINS)),
                Report.nanos(row.processorTimes.median(SPINS)),
                row.times.toOurs(SPINS),
                row.processorTimes.toOurs(SPINS)));
  }
}
