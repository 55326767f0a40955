package dev.stackful.examples.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.examples.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The article shows what the program is, and what it prints. */
class ContextSwitchTest {
  private static final String ARTICLE = "docs/context-switch.md";

  @TestFactory
  Stream<DynamicTest> everyListingIsCutOutOfTheProgram() throws IOException {
    return Documents.blocksOfCode(ARTICLE);
  }

  @TestFactory
  Stream<DynamicTest> everyPictureIsAsItIsDrawn() {
    return Pictures.all().entrySet().stream()
        .map(
            (Map.Entry<String, String> picture) ->
                DynamicTest.dynamicTest(
                    picture.getKey(),
                    () ->
                        assertEquals(
                            picture.getValue(),
                            Files.readString(
                                Documents.file("docs/pictures/" + picture.getKey())))));
  }

  @Test
  void everyFileThatItLinksToExists() throws IOException {
    Documents.checkLinks(ARTICLE);
  }

  @Test
  void theLinesThatItShowsAreTheProgramsOwn() throws IOException {
    Matcher block =
        Pattern.compile("```text\n(.*?)```\n", Pattern.DOTALL)
            .matcher(Files.readString(Documents.file(ARTICLE)));
    assertTrue(block.find());
    String rest =
        Files.readString(
            Documents.file("core/src/test/resources/dev/stackful/cli/c-fibers-output.txt"));
    for (String part : List.of(block.group(1).split("\\.\\.\\.\n"))) {
      int at = rest.indexOf(part);
      assertTrue(at >= 0, part);
      rest = rest.substring(at + part.length());
    }
    assertEquals("", rest);
  }
}
