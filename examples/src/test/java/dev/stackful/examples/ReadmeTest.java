package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The README shows what is so. A comment before each block of Java names a file and one of its
 * regions, and the block holds that region, without its indentation; or it says {@code consumer:},
 * and the program in {@code tools/test-consumers} is compiled with it.
 */
class ReadmeTest {
  private static final Pattern JAVA_BLOCK =
      Pattern.compile("(?:<!-- (\\S+) (\\S+) -->\n)?```java\n(.*?)```\n", Pattern.DOTALL);
  private static final Pattern DEMO_BLOCK =
      Pattern.compile(
          "<!-- output of: demo -->\n```text\n(.*?)\\.\\.\\.\n(.*?)```\n", Pattern.DOTALL);

  private static Path file(String name) {
    return Documents.file(name);
  }

  private static String readme() throws IOException {
    return Files.readString(file("README.md"));
  }

  @TestFactory
  Stream<DynamicTest> everyBlockOfJavaIsARegionOfAFile() throws IOException {
    List<MatchResult> blocks = JAVA_BLOCK.matcher(readme()).results().toList();
    assertFalse(blocks.isEmpty());
    return blocks.stream()
        .filter(block -> !"consumer:".equals(block.group(1)))
        .map(
            block ->
                DynamicTest.dynamicTest(
                    block.group(1) + " " + block.group(2),
                    () -> {
                      assertNotEquals(null, block.group(1), "no file named: " + block.group());
                      assertEquals(region(block.group(1), block.group(2)), block.group(3));
                    }));
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

  @Test
  void theDemoPrintsWhatItShows() throws Exception {
    Matcher block = DEMO_BLOCK.matcher(readme());
    assertTrue(block.find());
    String printed = Printed.by(Main::main, "demo");
    assertTrue(printed.startsWith(block.group(1)), printed);
    assertTrue(printed.endsWith(block.group(2)), printed);
  }

  @Test
  void itsVersionIsTheBuildsOwn() throws Exception {
    Matcher version =
        Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(file("pom.xml")));
    assertTrue(version.find());
    assertTrue(readme().contains("  <version>" + version.group(1) + "</version>\n"));
    assertTrue(readme().contains("(\"dev.stackful:stackful:" + version.group(1) + "\")\n"));
  }

  @Test
  void theExamplesThatItNamesExist() throws Exception {
    List<String> names =
        Pattern.compile("\\./stackful example (\\w+)")
            .matcher(readme())
            .results()
            .map(result -> result.group(1))
            .toList();
    assertFalse(names.isEmpty());
    for (String name : names) {
      Class.forName("dev.stackful.examples." + name).getMethod("main", String[].class);
    }
  }
}
