package dev.stackful.internal.asm;

import java.util.List;
import java.util.Map;

/**
 * Finished machine code together with the text that explains it, line for line.
 *
 * <p>Immutable. The code is position independent: every branch in it is relative.
 */
public final class Listing {
  private final String title;
  private final List<Line> lines;
  private final byte[] bytes;
  private final Map<String, Integer> routines;

  Listing(String title, List<Line> lines, byte[] bytes, Map<String, Integer> routines) {
    this.title = title;
    this.lines = List.copyOf(lines);
    this.bytes = bytes.clone();
    this.routines = Map.copyOf(routines);
  }

  /** What the code is, for a heading. */
  public String title() {
    return title;
  }

  /** Every line, in the order of the code. */
  public List<Line> lines() {
    return lines;
  }

  /** The whole code, padding between routines included; a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * Where a routine begins, in bytes from the start of the code.
   *
   * @throws IllegalArgumentException if there is no routine of that name
   */
  public int offsetOf(String routineName) {
    Integer offset = routines.get(routineName);
    if (offset == null) {
      throw new IllegalArgumentException(
          "no routine %s in %s, only %s"
              .formatted(routineName, title, routines.keySet().stream().sorted().toList()));
    }
    return offset;
  }

  /**
   * The lines of one routine, its label included.
   *
   * @throws IllegalArgumentException if there is no routine of that name
   */
  public List<Line> linesOf(String routineName) {
    int from = offsetOf(routineName);
    int to =
        routines.values().stream()
            .mapToInt(Integer::intValue)
            .filter(offset -> offset > from)
            .min()
            .orElse(Integer.MAX_VALUE);
    return lines.stream().filter(line -> line.offset() >= from && line.offset() < to).toList();
  }

  /** The listing in columns: offset, bytes, instruction, and the reason for it. */
  @Override
  public String toString() {
    int hexWidth = 1; // a format knows no width of zero
    int textWidth = 1;
    for (Line line : lines) {
      hexWidth = Math.max(hexWidth, line.hex().length());
      textWidth = Math.max(textWidth, line.isLabel() ? 0 : columns(line.text()).length());
    }
    StringBuilder out = new StringBuilder(title).append('\n');
    String format = "  %04x  %-" + hexWidth + "s  %-" + textWidth + "s  %s";
    for (Line line : lines) {
      if (line.isLabel()) {
        boolean routine = routines.containsKey(line.text().substring(0, line.text().length() - 1));
        out.append(routine ? "\n" : "").append(line.text());
      } else {
        String comment = line.comment().isEmpty() ? "" : "; " + line.comment();
        out.append(
            line.isInstruction()
                ? format
                    .formatted(line.offset(), line.hex(), columns(line.text()), comment)
                    .stripTrailing()
                : "  " + comment);
      }
      out.append('\n');
    }
    return out.toString();
  }

  /** Moves the operands to a column of their own, so that they stand below each other. */
  private static String columns(String text) {
    int space = text.indexOf(' ');
    return space < 0
        ? text
        : "%-8s%s".formatted(text.substring(0, space), text.substring(space + 1));
  }
}
