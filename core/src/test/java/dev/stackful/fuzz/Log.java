package dev.stackful.fuzz;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a run has done, line by line, and what its statements draw from: values, numbers of
 * exceptions, and the number of statements that may still be executed.
 *
 * <p>A program is sequential, whatever threads it uses, and nothing here is synchronized: that each
 * thread sees what the one before it wrote is the library's affair.
 */
final class Log {
  /** Bounds a program whose coroutines make others for ever. */
  private static final int MOST_STATEMENTS = 300;

  private static final int MOST_LINES = 20_000;

  private static final Pattern TURN = Pattern.compile("\"ph\":\"X\".*\"name\":\"([^\"]*)\"");

  /** Where a runtime of fibers writes who had which turn. */
  final StringWriter trace = new StringWriter();

  private final List<String> lines = new ArrayList<>();
  private boolean over;
  private int left = MOST_STATEMENTS;
  private int values;
  private int exceptions;

  void add(String line) {
    if (!over && lines.size() < MOST_LINES) {
      lines.add(line);
    }
  }

  /** The program is over: what it still does while it is cleared away is no part of it. */
  void end() {
    over = true;
    left = 0;
  }

  /** Whether another statement may be executed. */
  boolean spend() {
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }

  /** A value that is like no other. */
  String nextValue() {
    values++;
    return "v" + values;
  }

  /** The number of the next exception that the program makes. */
  int nextException() {
    return ++exceptions;
  }

  /** The names of the fibers that had a turn, one for each. */
  List<String> turns() {
    return TURN.matcher(trace.toString()).results().map(turn -> turn.group(1)).toList();
  }

  List<String> lines() {
    return lines;
  }
}
