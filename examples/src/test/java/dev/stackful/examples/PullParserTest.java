package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullParserTest {
  private static final String LIBRARY =
      """
      <?xml version="1.0"?>
      <library>
        <book id="1" lang="en"><title>Tools &amp; Toys</title></book>
        <book id="2">A <i>second</i> one</book>
        <?note "end"?></library>
      """;

  @TempDir private Path folder;
  private String out = "";
  private String err = "";

  /** Runs the program; what it prints names files without their folder. */
  private int run(String... arguments) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int status = PullParser.run(List.of(arguments), printer(outBytes), printer(errBytes));
    out = text(outBytes);
    err = text(errBytes);
    return status;
  }

  private static PrintStream printer(OutputStream bytes) {
    return new PrintStream(bytes, /* autoFlush= */ true, StandardCharsets.UTF_8);
  }

  private String text(ByteArrayOutputStream bytes) {
    return bytes
        .toString(StandardCharsets.UTF_8)
        .replace(System.lineSeparator(), "\n")
        .replace(folder + folder.getFileSystem().getSeparator(), "");
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void printsAnOutlineAndTheNumberOfEvents() throws IOException {
    assertEquals(0, run(file("library.xml", LIBRARY)));
    assertEquals(
        """
        library
          book id="1" lang="en"
            title: Tools & Toys
          book id="2": A
            i: second
        library.xml: 22 events
                   1 EndDocument
                   5 EndElement
                   1 ProcessingInstruction
                   1 StartDocument
                   5 StartElement
                   9 Text
        """,
        out);
    assertEquals("", err);
  }

  @Test
  void endsALongOutline() throws IOException {
    assertEquals(0, run("--outline", file("long.xml", "<a>" + "<b/>".repeat(100) + "</a>")));
    assertTrue(out.contains("\n  b\n... and 61 more elements\nlong.xml: 204 events\n"), out);
    assertEquals(40, out.lines().takeWhile(line -> !line.startsWith("...")).count());
  }

  @Test
  void printsEveryEvent() throws IOException {
    assertEquals(0, run("--print", file("small.xml", "<a x='\"'>one\n<?b c?></a>")));
    assertEquals(
        """
        StartDocument
        StartElement a x="\\""
        Text "one\\n"
        ProcessingInstruction b "c"
        EndElement a
        EndDocument
        """,
        out);
  }

  @Test
  void checksThatPullingGivesAsManyEventsAsPushing() throws IOException {
    Path pom = Documents.file("pom.xml");
    assertEquals(0, run("--check", file("library.xml", LIBRARY), pom.toString()));
    assertTrue(out.startsWith("library.xml: 22 events pulled, 22 pushed\n"), out);
    assertEquals(2, out.lines().count());
  }

  @Test
  void namesThePlaceWhereAFileIsMalformed() throws IOException {
    assertEquals(1, run("--check", file("bad.xml", "<a>\n  <b></a>"), file("good.xml", "<a/>")));
    assertTrue(err.startsWith("bad.xml:2:8: The element type \"b\" must be terminated"), err);
    assertEquals(1, err.lines().count());
    assertEquals("good.xml: 4 events pulled, 4 pushed\n", out);
  }

  @Test
  void saysWhenThereIsNoSuchFile() {
    assertEquals(1, run(folder.resolve("none.xml").toString()));
    assertEquals("none.xml: no such file\n", err);
    assertEquals("", out);
  }

  @Test
  void saysHowToCallIt() {
    assertEquals(2, run());
    assertTrue(err.startsWith("usage: PullParser"), err);
    assertEquals(2, run("--nonsense", "a.xml"));
  }

  /** 100 MB in a heap of 32 MB: no more than one event exists at a time. */
  @Test
  void readsALargeFileInConstantMemory() throws Exception {
    Path file = folder.resolve("large.xml");
    long elements = writeLargeFile(file, 100_000_000);
    assertTrue(Files.size(file) >= 100_000_000);

    OwnJvm.Result result =
        OwnJvm.run(
            Duration.ofMinutes(10),
            List.of("-Xmx32m"),
            PullParser.class,
            "--check",
            file.toString());

    assertEquals(0, result.exitStatus(), result.output());
    Matcher counts =
        Pattern.compile("large\\.xml: (\\d+) events pulled, (\\d+) pushed")
            .matcher(result.output());
    assertTrue(counts.find(), result.output());
    assertEquals(counts.group(2), counts.group(1));
    assertTrue(Long.parseLong(counts.group(1)) > 2 * elements, result.output());
  }

  /** Writes elements until the file has a size, and returns how many it wrote. */
  private static long writeLargeFile(Path file, long sizeBytes) throws IOException {
    long elements = 1;
    long written = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(
          "<?xml version='1.0' encoding='UTF-8'?>\n<orders>\n".getBytes(StandardCharsets.UTF_8));
      for (int id = 0; written < sizeBytes; id++) {
        String order =
            """
              <order id="%d" priority="normal">
                <customer>Smith &amp; Sons, %d, H\u00f6he</customer>
                <note>%s</note>
              </order>
            """
                .formatted(id, id % 1000, "As agreed by telephone. ".repeat(id % 20));
        byte[] bytes = order.getBytes(StandardCharsets.UTF_8);
        out.write(bytes);
        written += bytes.length;
        elements += 3;
      }
      out.write("</orders>\n".getBytes(StandardCharsets.UTF_8));
    }
    return elements;
  }
}
