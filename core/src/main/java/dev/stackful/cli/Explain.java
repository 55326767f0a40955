package dev.stackful.cli;

import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.context.Routines;
import dev.stackful.internal.foreign.ForeignRoutines;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.Signals;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Prints routines of both instruction sets side by side. The lines are those that the assemblers
 * wrote down while they emitted the bytes that run.
 */
final class Explain {
  private Explain() {}

  /** Where a JVM keeps its notes of switches is known only there. */
  private static final long SOME_ADDRESS = 0x7f0000001000L;

  static void run(List<String> arguments, PrintStream out) throws UsageException {
    if (arguments.size() > 1) {
      throw new UsageException("explain takes one routine, got " + arguments);
    }
    String wanted = arguments.isEmpty() ? Routines.NAMES.getFirst() : arguments.getFirst();
    boolean all = wanted.equals("all");
    boolean known = false;
    if (all || Routines.NAMES.contains(wanted)) {
      known = true;
      print(
          Routines.emit(Isa.AMD64, Signals.suspendResume(), OptionalInt.empty(), SOME_ADDRESS),
          Routines.emit(Isa.AARCH64, Signals.suspendResume(), OptionalInt.empty(), SOME_ADDRESS),
          all ? Routines.NAMES : List.of(wanted),
          out);
    }
    if (all) {
      out.println();
    }
    if (all || ForeignRoutines.NAMES.contains(wanted)) {
      known = true;
      print(
          ForeignRoutines.emit(Isa.AMD64),
          ForeignRoutines.emit(Isa.AARCH64),
          all ? ForeignRoutines.NAMES : List.of(wanted),
          out);
    }
    if (!known) {
      throw new UsageException(
          "no such routine: %s; there are %s, and of foreign coroutines %s"
              .formatted(wanted, Routines.NAMES, ForeignRoutines.NAMES));
    }
  }

  private static void print(Listing left, Listing right, List<String> routines, PrintStream out) {
    out.println(row(left.title(), right.title()));
    for (String routine : routines) {
      out.println();
      print(sections(left, routine), sections(right, routine), out);
    }
  }

  /** Sections of the same routine begin side by side, whatever their lengths. */
  private static void print(List<List<String>> left, List<List<String>> right, PrintStream out) {
    for (int section = 0; section < Math.max(left.size(), right.size()); section++) {
      List<String> leftLines = section < left.size() ? left.get(section) : List.of();
      List<String> rightLines = section < right.size() ? right.get(section) : List.of();
      for (int i = 0; i < Math.max(leftLines.size(), rightLines.size()); i++) {
        out.println(
            row(
                i < leftLines.size() ? leftLines.get(i) : "",
                i < rightLines.size() ? rightLines.get(i) : ""));
      }
    }
  }

  private static String row(String left, String right) {
    return "%-78s  %s".formatted(left, right).stripTrailing();
  }

  /** A routine's lines in sections, each of which begins with a remark. */
  private static List<List<String>> sections(Listing listing, String routine) {
    List<List<String>> sections = new ArrayList<>();
    List<String> section = new ArrayList<>();
    sections.add(section);
    for (Line line : listing.linesOf(routine)) {
      boolean remark = !line.isInstruction() && !line.isLabel();
      if (remark) {
        section = new ArrayList<>();
        sections.add(section);
        section.add("");
        section.add("    -- " + line.comment());
      } else if (!line.comment().isEmpty()) {
        section.add("      ; " + line.comment());
      }
      if (line.isInstruction()) {
        section.add("%04x  %-30s  %s".formatted(line.offset(), line.hex(), line.text()));
      } else if (line.isLabel()) {
        section.add(line.text());
      }
    }
    return sections;
  }
}
