package dev.stackful.examples.book;

import dev.stackful.examples.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws the pictures of stacks in the article and the README, as SVG: {@code
 * docs/pictures/NAME.svg}. A test compares the files with what this draws; {@link #main} writes
 * them.
 *
 * <p>The text of a picture: a line {@code # heading} begins a group, {@code = title} a column in
 * it, and each other line is a cell, the highest address first. A cell with {@code <- sp} behind it
 * is where a stack pointer points; {@code *} before it means that it is new, or on the stack that
 * runs, {@code ~} that it is free.
 *
 * <p>Text stands on cells with a background of their own, or is grey, so that it reads on white and
 * on black.
 */
final class Pictures {
  private static final int CELL_WIDTH = 168;
  private static final int CELL_HEIGHT = 26;
  private static final int GAP = 46;
  private static final int TOP = 64;

  private static final String FIRST_FRAME =
      """
      # x86-64
      = the stack
      unused
      guard
      skip
      f <- rsp
      ~
      ~
      = the context
      rsp
      r15 to r12: 0
      rbx: 0
      rbp: 0
      # AArch64
      = the stack
      ~ <- sp
      ~
      ~
      ~
      ~
      ~
      = the context
      sp
      x19: f
      x20 to x29: 0
      x30: trampoline
      d8 to d15: 0
      """;

  private static final String SWITCH_AMD64 =
      """
      # before: thread 1 has called t_yield
      = stack 1
      frames of thread1
      return address <- rsp
      ~
      = context 1
      ~ what it was
      ~ at the last switch
      = context 2
      rsp 2
      rbx, rbp, r12 to r15
      = stack 2
      frames of thread2
      return address
      ~
      # between: all is saved, nothing is loaded
      = stack 1
      frames of thread1
      return address <- rsp
      ~
      = context 1
      * rsp 1
      * rbx, rbp, r12 to r15
      = context 2
      rsp 2
      rbx, rbp, r12 to r15
      = stack 2
      frames of thread2
      return address
      ~
      # after: ret has taken thread 2's return address
      = stack 1
      frames of thread1
      return address
      ~
      = context 1
      rsp 1
      rbx, rbp, r12 to r15
      = context 2
      ~ what it was
      ~ at the last switch
      = stack 2
      frames of thread2 <- rsp
      ~
      ~
      """;

  private static final String SWITCH_AARCH64 =
      """
      # before: thread 1 has called t_yield; x30 has the return address
      = stack 1
      frames of thread1 <- sp
      ~
      = context 1
      ~ what it was
      ~ at the last
      ~ switch
      = context 2
      sp 2
      x19 to x29, d8 to d15
      x30: return address
      = stack 2
      frames of thread2
      ~
      # between: all is saved, nothing is loaded
      = stack 1
      frames of thread1 <- sp
      ~
      = context 1
      * sp 1
      * x19 to x29, d8 to d15
      * x30: return address
      = context 2
      sp 2
      x19 to x29, d8 to d15
      x30: return address
      = stack 2
      frames of thread2
      ~
      # after: ret has gone to thread 2's x30
      = stack 1
      frames of thread1
      ~
      = context 1
      sp 1
      x19 to x29, d8 to d15
      x30: return address
      = context 2
      ~ what it was
      ~ at the last
      ~ switch
      = stack 2
      frames of thread2 <- sp
      ~
      """;

  private static final String HOW_IT_WORKS =
      """
      # 1. the reader asks
      = your stack
      * upload
      * InputStream.read
      * resume <- sp
      ~
      = the writer's stack
      zipOf's lambda
      Files.copy
      ZipOutputStream.write
      yield
      # 2. the writer goes on
      = your stack
      upload
      InputStream.read
      resume
      ~
      = the writer's stack
      * zipOf's lambda
      * Files.copy
      * ZipOutputStream.write <- sp
      ~
      # 3. a buffer is full
      = your stack
      * upload
      * InputStream.read <- sp
      ~
      ~
      = the writer's stack
      zipOf's lambda
      Files.copy
      ZipOutputStream.write
      yield
      """;

  private Pictures() {}

  /** Writes the files. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Documents.file("docs").resolve("pictures");
    Files.createDirectories(folder);
    for (Map.Entry<String, String> picture : all().entrySet()) {
      Files.writeString(folder.resolve(picture.getKey()), picture.getValue());
    }
  }

  /** The files' names and what is in them. */
  static Map<String, String> all() {
    return new TreeMap<>(
        Map.of(
            "first-frame.svg",
            draw("A fresh stack and its context on both processors", FIRST_FRAME, true),
            "how-it-works.svg",
            draw("A resume and the yield that answers it", HOW_IT_WORKS, false),
            "switch-x86-64.svg",
            draw("The switch from thread 1 to thread 2 on x86-64", SWITCH_AMD64, false),
            "switch-aarch64.svg",
            draw("The switch from thread 1 to thread 2 on AArch64", SWITCH_AARCH64, false)));
  }

  /** Groups stand side by side, or below each other. */
  private static String draw(String title, String text, boolean sideBySide) {
    StringBuilder out = new StringBuilder();
    int left = GAP / 2;
    int top = 0;
    int column = left - CELL_WIDTH - GAP;
    int row = 0;
    int right = 0;
    int bottom = 0;
    for (String line : List.of(text.split("\n"))) {
      String rest = line.substring(Math.min(2, line.length()));
      if (line.startsWith("# ")) {
        if (!out.isEmpty()) {
          if (sideBySide) {
            left = column + CELL_WIDTH + 2 * GAP;
          } else {
            top = bottom + 12;
          }
        }
        column = left - CELL_WIDTH - GAP;
        text(out, "head", left, top + 24, rest);
      } else if (line.startsWith("= ")) {
        column += CELL_WIDTH + GAP;
        row = top + TOP;
        text(out, "label", column, row - 8, rest);
      } else {
        cell(out, column, row, line);
        row += CELL_HEIGHT;
      }
      right = Math.max(right, column + CELL_WIDTH + GAP);
      bottom = Math.max(bottom, row + 12);
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img">
    <title>%3$s</title>
    <style>
    text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: #1f2328 }
    .head { font-weight: bold; fill: #768390 }
    .label, .pointer { fill: #768390 }
    .full { fill: #b6d7f5; stroke: #57606a }
    .new { fill: #f7d774; stroke: #57606a }
    .free { fill: none; stroke: #8b949e; stroke-dasharray: 3 3 }
    .faint { fill: #8b949e }
    </style>
    %4$s</svg>
    """
        .formatted(right, bottom, title, out);
  }

  private static void cell(StringBuilder out, int x, int y, String line) {
    boolean free = line.startsWith("~");
    boolean isNew = line.startsWith("*");
    String[] parts = (free || isNew ? line.substring(1) : line).split("<-", 2);
    String kind = free ? "free" : isNew ? "new" : "full";
    out.append(
        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n"
            .formatted(kind, x, y, CELL_WIDTH, CELL_HEIGHT));
    if (!parts[0].isBlank()) {
      text(out, free ? "faint" : "cell", x + 6, y + 17, parts[0].strip());
    }
    if (parts.length == 2) {
      // At the cell's lower edge, as a stack grows down; in an empty one, at its upper edge.
      int edge = free ? y : y + CELL_HEIGHT;
      text(out, "pointer", x + CELL_WIDTH + 3, edge + 4, "\u2190" + parts[1]);
    }
  }

  private static void text(StringBuilder out, String kind, int x, int y, String text) {
    out.append(
        "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(kind, x, y, text.strip()));
  }
}
