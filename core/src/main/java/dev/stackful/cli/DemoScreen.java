package dev.stackful.cli;

import dev.stackful.cli.StacksView.Stack;
import dev.stackful.cli.StacksView.State;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Shows the demo on a terminal: its last lines, and beside them the stacks at the moment at which
 * the last of them was printed. Older lines scroll away, and at the end all lines stand there as
 * the plain demo prints them.
 */
final class DemoScreen {
  private static final int LINE_WIDTH = 27;

  /** The first column of the first row of the picture, and nothing from there on. */
  private static final String BACK = "\r\033[" + StacksView.HEIGHT + "A\033[J";

  private final PrintStream out;
  private final Duration pace;
  private final Queue<String> lines = new ArrayDeque<>();
  private final List<State> states;
  private final List<Boolean> begun;
  private boolean drawn;

  /**
   * Makes an empty screen.
   *
   * @param fibers how many fibers there are, numbered from 1
   * @param pace how long each picture stays
   */
  DemoScreen(PrintStream out, int fibers, Duration pace) {
    this.out = out;
    this.pace = pace;
    this.states = new ArrayList<>(Collections.nCopies(fibers, State.READY));
    this.begun = new ArrayList<>(Collections.nCopies(fibers, false));
  }

  /** Whether pictures can be drawn there: on a terminal which nobody wants plain. */
  @SuppressWarnings("SystemConsoleNull") // null where JDK 25 has no terminal
  static boolean canDrawOn(PrintStream out, Map<String, String> environment) {
    Console console = System.console();
    return out == System.out
        && console != null
        && console.isTerminal()
        && allowsDrawing(environment);
  }

  /** Neither {@code NO_COLOR}, unless it is empty, nor a terminal without control sequences. */
  static boolean allowsDrawing(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /** A line of a fiber that runs. */
  void line(int fiber, String line) {
    for (int i = 0; i < states.size(); i++) {
      if (states.get(i) == State.RUNNING) {
        states.set(i, State.READY);
      }
    }
    states.set(fiber - 1, State.RUNNING);
    begun.set(fiber - 1, true);
    lines.add(line);
    show(State.WAITING);
  }

  /** A fiber has ended, and its stack is free. */
  void ended(int fiber) {
    states.set(fiber - 1, State.AVAILABLE);
  }

  /** All have ended: a last picture, and then the lines alone. */
  void close() {
    show(State.RUNNING);
    out.print(BACK);
    lines.forEach(out::println);
    out.flush();
  }

  private void show(State main) {
    if (drawn) {
      out.print(BACK);
    }
    drawn = true;
    while (lines.size() > StacksView.HEIGHT) {
      out.println(lines.remove());
    }
    out.print(String.join(System.lineSeparator(), frame(List.copyOf(lines), stacks(main))));
    out.println();
    out.flush();
    try {
      Thread.sleep(pace); // the fibers' one thread: nothing runs meanwhile
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever wants it to end sees the rest at once
    }
  }

  private List<Stack> stacks(State main) {
    List<Stack> stacks = new ArrayList<>();
    stacks.add(
        new Stack("main", main, main == State.RUNNING ? List.of("main") : List.of("main", "run")));
    for (int i = 0; i < states.size(); i++) {
      State state = states.get(i);
      List<String> frames =
          state == State.AVAILABLE || !begun.get(i)
              ? List.of()
              : List.of("count", state == State.RUNNING ? "println" : "yieldNow");
      stacks.add(new Stack("thread " + (i + 1), state, frames));
    }
    return stacks;
  }

  /** The rows of a screen: at most {@link StacksView#HEIGHT} lines, each beside a row of stacks. */
  static List<String> frame(List<String> lines, List<Stack> stacks) {
    List<String> picture = StacksView.draw(stacks, /* highlight= */ true);
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < picture.size(); row++) {
      String line = row < lines.size() ? lines.get(row) : "";
      rows.add(("%-" + LINE_WIDTH + "s%s").formatted(line, picture.get(row)).stripTrailing());
    }
    return rows;
  }
}
