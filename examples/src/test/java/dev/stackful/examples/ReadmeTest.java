package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README and the guide show what is so. */
class ReadmeTest {
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
  Stream<DynamicTest> everyBlockOfCodeIsPartOfAFile() throws IOException {
    return Stream.concat(
        Documents.blocksOfCode("README.md"), Documents.blocksOfCode("docs/guide.md"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/guide.md", "docs/seeing.md"})
  void everyFileThatIsLinkedToExists(String document) throws IOException {
    Documents.checkLinks(document);
  }

  @Test
  void thePictureOfATraceIsOfWhatTheExampleDoes() throws Exception {
    assertEquals(TracePicture.ofTheBakery(), Files.readString(file("docs/pictures/trace.svg")));
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
  void theExamplesThatTheGuideNamesExist() throws Exception {
    List<String> names =
        Pattern.compile("\\./stackful example ([\\w.]+)")
            .matcher(Files.readString(file("docs/guide.md")))
            .results()
            .map(result -> result.group(1))
            .toList();
    assertFalse(names.isEmpty());
    for (String name : names) {
      Class.forName("dev.stackful.examples." + name).getMethod("main", String[].class);
    }
  }
}
