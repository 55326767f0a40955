package dev.stackful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * GNU objdump, the judge of what the assemblers emit.
 *
 * <p>Where it is not installed, or cannot read the instruction set, a test that asks for it is
 * skipped; with {@code -Dstackful.test.requireObjdump=true} it fails instead.
 */
public final class Objdump {

  /** An instruction set, and how to ask objdump for it. */
  public enum Isa {
    AMD64("elf64-x86-64", List.of("-m", "i386:x86-64", "-M", "intel"), "x86_64-linux-gnu-objdump"),
    AARCH64("elf64-littleaarch64", List.of("-m", "aarch64"), "aarch64-linux-gnu-objdump");

    private final String target;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> options;

    private final String crossTool;

    Isa(String target, List<String> options, String crossTool) {
      this.target = target;
      this.options = options;
      this.crossTool = crossTool;
    }
  }

  /**
   * One disassembled instruction.
   *
   * @param offset where it stands in the code
   * @param bytes its encoding, in the order of memory
   * @param text mnemonic and operands, with single spaces and without objdump's remarks
   */
  public record Instruction(int offset, List<Byte> bytes, String text) {}

  private static final String REQUIRED = "stackful.test.requireObjdump";
  private static final long TIME_LIMIT_SECONDS = 60;
  private static final Pattern INSTRUCTION =
      Pattern.compile("\\s*(?<offset>\\p{XDigit}+):\\t(?<bytes>[\\p{XDigit} ]+)\\t(?<text>.*)");
  private static final Map<Isa, Optional<String>> TOOLS = new EnumMap<>(Isa.class);

  private Objdump() {}

  /** What objdump makes of the code; skips the calling test if it cannot be asked. */
  public static List<Instruction> disassemble(Isa isa, byte[] code) {
    String tool = toolOrSkip(isa);
    try {
      Path file = Files.createTempFile("stackful", ".bin");
      try {
        Files.write(file, code);
        // -z: zeros too; -w: an instruction a line.
        List<String> command =
            Stream.of(List.of(tool, "-D", "-z", "-w", "-b", "binary"), isa.options)
                .flatMap(List::stream)
                .collect(Collectors.toCollection(ArrayList::new));
        command.add(file.toString());
        return parse(isa, run(command));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Checks that the listing says of every instruction what objdump says: the same offset, the same
   * bytes and the same text, where a branch to a label must have that label's offset.
   */
  public static void assertAgrees(Isa isa, Listing listing) {
    List<Line> lines = listing.lines().stream().filter(Line::isInstruction).toList();
    Map<String, Integer> labels = new HashMap<>();
    listing.lines().stream()
        .filter(Line::isLabel)
        .forEach(line -> labels.put(line.text().replaceFirst(":$", ""), line.offset()));

    List<Instruction> found = disassemble(isa, listing.bytes());
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < Math.min(lines.size(), found.size()); i++) {
      Line line = lines.get(i);
      Instruction other = found.get(i);
      boolean same =
          line.offset() == other.offset
              && line.bytes().equals(other.bytes)
              && (line.text().equals(other.text)
                  || withTarget(line.text(), labels).equals(other.text));
      if (!same) {
        differences.add(
            "0x%x  %s  %s%n     objdump: 0x%x  %s"
                .formatted(line.offset(), line.hex(), line.text(), other.offset, other.text));
      }
    }
    if (!differences.isEmpty()) {
      fail(
          "%d of %d instructions of %s differ, the first being%n%s"
              .formatted(
                  differences.size(),
                  lines.size(),
                  listing.title(),
                  differences.stream().limit(10).collect(Collectors.joining("\n"))));
    }
    assertEquals(lines.size(), found.size(), "number of instructions in " + listing.title());
  }

  /** The text with its last operand, if that is a label, replaced by the label's offset. */
  private static String withTarget(String text, Map<String, Integer> labels) {
    int start = text.lastIndexOf(' ') + 1;
    Integer offset = labels.get(text.substring(start));
    return offset == null ? text : text.substring(0, start) + "0x" + Integer.toHexString(offset);
  }

  private static List<Instruction> parse(Isa isa, String output) {
    List<Instruction> instructions = new ArrayList<>();
    for (String line : output.lines().toList()) {
      Matcher matcher = INSTRUCTION.matcher(line);
      if (matcher.matches()) {
        instructions.add(
            new Instruction(
                Integer.parseInt(matcher.group("offset"), 16),
                bytes(isa, matcher.group("bytes")),
                normalise(matcher.group("text"))));
      }
    }
    return instructions;
  }

  /** AArch64 is printed as a word, the most significant byte first. */
  private static List<Byte> bytes(Isa isa, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    List<Byte> list = new ArrayList<>();
    for (byte b : bytes) {
      list.add(b);
    }
    if (isa == Isa.AARCH64) {
      Collections.reverse(list);
    }
    return list;
  }

  private static String normalise(String text) {
    return text.replaceFirst("//.*| # .*", "").strip().replaceAll("\\s+", " ");
  }

  private static String toolOrSkip(Isa isa) {
    Optional<String> tool;
    synchronized (TOOLS) {
      tool = TOOLS.computeIfAbsent(isa, Objdump::find);
    }
    if (tool.isPresent()) {
      return tool.get();
    }
    String message =
        "no objdump for %s: neither %s nor an objdump that lists %s is on the PATH"
            .formatted(isa, isa.crossTool, isa.target);
    return Boolean.getBoolean(REQUIRED) ? fail(message) : abort(message);
  }

  private static Optional<String> find(Isa isa) {
    return Stream.of(isa.crossTool, "objdump").filter(tool -> knows(tool, isa)).findFirst();
  }

  private static boolean knows(String tool, Isa isa) {
    try {
      return Arrays.asList(run(List.of(tool, "-i")).split("\\s+")).contains(isa.target);
    } catch (IOException e) {
      return false; // not installed
    }
  }

  /** Runs to the end or to the time limit; a file takes the output, so that no pipe fills up. */
  private static String run(List<String> command) throws IOException {
    Path output = Files.createTempFile("stackful", ".txt");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("LC_ALL", "C");
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      Process process = builder.start();
      try {
        if (!process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS)) {
          return fail(command + " did not end in " + TIME_LIMIT_SECONDS + " s");
        }
      } finally {
        process.destroyForcibly();
      }
      String text = Files.readString(output);
      if (process.exitValue() != 0) {
        return fail(command + " exited with " + process.exitValue() + ": " + text);
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted while " + command + " ran", e);
    } finally {
      Files.delete(output);
    }
  }
}
