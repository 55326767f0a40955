package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The repository's files, and the listings in its documents. */
public final class Documents {
  private static final Pattern CODE_BLOCK =
      Pattern.compile(
          "(?:<!-- (\\S+)(?: (\\S+))? -->\n)?```(?:java|kotlin)\n(.*?)```\n", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)");

  private Documents() {}

  /**
   * A test for each block of Java or Kotlin. A comment before it names a file and one of its
   * regions, and the block holds that region, without its indentation; or a file alone, and the
   * block holds some of its lines that follow each other; or it says {@code consumer:}, and the
   * program in {@code tools/test-consumers} is compiled with it.
   */
  public static Stream<DynamicTest> blocksOfCode(String document) throws IOException {
    List<MatchResult> blocks =
        CODE_BLOCK.matcher(Files.readString(file(document))).results().toList();
    assertFalse(blocks.isEmpty());
    return blocks.stream()
        .filter(block -> !"consumer:".equals(block.group(1)))
        .map(
            block ->
                DynamicTest.dynamicTest(
                    block.group(1) + ": " + block.group(3).lines().findFirst().orElse(""),
                    () -> compare(block.group(1), block.group(2), block.group(3))));
  }

  private static void compare(String file, String region, String block) throws IOException {
    assertNotEquals(null, file, "no file named: " + block);
    if (region != null) {
      assertEquals(region(file, region), block);
      return;
    }
    String source = Files.readString(file(file));
    assertTrue(
        Stream.of(0, 2, 4, 6, 8, 10).anyMatch(by -> source.contains("\n" + indented(block, by))),
        () -> "these lines are not in " + file + ":\n" + block);
  }

  /** As a text block's method does it, which indents no empty line. */
  private static String indented(String block, int by) {
    return block.indent(by).replaceAll("(?m)^ +$", "");
  }

  private static String region(String file, String name) throws IOException {
    Matcher region =
        Pattern.compile(
                " *// @start region=\"" + Pattern.quote(name) + "\"\n(.*?)\n *// @end\n",
                Pattern.DOTALL)
            .matcher(Files.readString(file(file)));
    assertTrue(region.find(), "no region " + name + " in " + file);
    return region.group(1).stripTrailing().stripIndent() + "\n";
  }

  /** Fails if the document links to a file that doesn't exist. */
  public static void checkLinks(String document) throws IOException {
    Path folder = file(document).getParent();
    for (MatchResult link : LINK.matcher(Files.readString(file(document))).results().toList()) {
      assertTrue(Files.exists(folder.resolve(link.group(1))), "no such file: " + link.group(1));
    }
  }

  /** A file by its path in the repository. */
  public static Path file(String name) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("stackful")) && Files.exists(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new AssertionError("no " + name + " above " + Path.of("").toAbsolutePath());
  }
}
