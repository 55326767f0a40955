package dev.stackful.cli;

import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.context.Routines;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.Signals;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints routines of both instruction sets side by side. The lines are those that the assemblers
 * wrote down while they emitted the bytes that run.
 */
final class Explain {
  private Explain() {}

  static void run(List<String> arguments, PrintStream out) throws UsageException {
    if (arguments.size() > 1) {
      throw new UsageException("explain takes one routine, got " + arguments);
    }
    String wanted = arguments.isEmpty() ? Routines.NAMES.getFirst() : arguments.getFirst();
    List<String> routines;
    if (wanted.equals("all")) {
      routines = Routines.NAMES;
    } else if (Routines.NAMES.contains(wanted)) {
      routines = List.of(wanted);
    } else {
      throw new UsageException("no such routine: " + wanted + "; there are " + Routines.NAMES);
    }
    Listing left = Routines.emit(Isa.AMD64, Signals.suspendResume());
    Listing right = Routines.emit(Isa.AARCH64, Signals.suspendResume());
    out.println(row(left.title(), right.title()));
    for (String routine : routines) {
      out.println();
      print(column(left, routine), column(right, routine), out);
    }
  }

  private static void print(List<String> left, List<String> right, PrintStream out) {
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      out.println(row(i < left.size() ? left.get(i) : "", i < right.size() ? right.get(i) : ""));
    }
  }

  private static String row(String left, String right) {
    return "%-78s  %s".formatted(left, right).stripTrailing();
  }

  private static List<String> column(Listing listing, String routine) {
    List<String> column = new ArrayList<>();
    for (Line line : Routines.linesOf(listing, routine)) {
      if (!line.comment().isEmpty()) {
        column.add("      ; " + line.comment());
      }
      if (line.isInstruction()) {
        column.add("%04x  %-30s  %s".formatted(line.offset(), line.hex(), line.text()));
      } else if (line.isLabel()) {
        column.add(line.text());
      }
    }
    return column;
  }
}
