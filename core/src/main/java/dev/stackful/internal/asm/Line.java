package dev.stackful.internal.asm;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One line of a {@link Listing}: an instruction, or a line without bytes that helps to read them.
 *
 * <p>A routine's or a label's line has the text {@code name:}; a remark has a comment only.
 *
 * @param offset where the line's first byte stands, counted from the start of the code
 * @param bytes the encoding, in the order of memory; empty for a label or a remark
 * @param text the instruction as GNU objdump prints it, with single spaces; a branch names its
 *     label
 * @param comment why the instruction is there; may be empty
 */
public record Line(int offset, List<Byte> bytes, String text, String comment) {

  /** Copies the bytes, so that a line never changes. */
  public Line {
    bytes = List.copyOf(bytes);
  }

  /** Whether this line is an instruction, and not a label or a remark. */
  public boolean isInstruction() {
    return !bytes.isEmpty();
  }

  /** Whether this line marks a routine or a label. */
  public boolean isLabel() {
    return bytes.isEmpty() && text.endsWith(":");
  }

  /** The bytes as two hexadecimal digits each, a space between. */
  public String hex() {
    return bytes.stream().map(HexFormat.of()::toHexDigits).collect(Collectors.joining(" "));
  }
}
