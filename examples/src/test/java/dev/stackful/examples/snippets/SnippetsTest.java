package dev.stackful.examples.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.examples.Printed;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnippetsTest {
  @Test
  void theAveragerYieldsTheAverageSoFar() throws Exception {
    assertEquals("10.0\n15.0\n30.0\n", Printed.by(Averager::main));
  }

  @Test
  void whatIsRaisedIsCaughtAndCloseRunsTheFinallyBlock() throws Exception {
    assertEquals(
        """
        here is your soup
        here is your tea, for there is no coffee
        the kitchen is closed
        """,
        Printed.by(Kitchen::main));
  }

  @Test
  void anElementOfContextGoesAlongWithEveryTurn() throws Exception {
    assertEquals("acme: an order\nglobex: a return\n", Printed.by(Elements::main));
  }

  @Test
  void aScopedValueIsSeenInTheBody() {
    assertEquals("Hello, Ada", Scoped.greeting());
  }

  @Test
  void aTreeIsWalkedByNestedGenerators() throws Exception {
    assertEquals("1 2 3 4 \n", Printed.by(Tree::main));
  }

  @Test
  void fibonacciIsTakenAsAStreamAndByAnIterator() throws Exception {
    assertEquals(
        """
        [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]
        0 1 1 2 3 5 8 13 21 34\s
        """,
        Printed.by(Fibonacci::main));
  }

  @Test
  void elementNamesStopsBeforeTheFileEnds(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("broken-at-its-end.xml");
    Files.writeString(file, "<a><b/><c><b/></c><d/><e/><f/></not-a>");
    assertEquals("a\nb\nc\nd\ne\n", Printed.by(ElementNames::main, file.toString()));
  }

  @Test
  void anEngineIsChosen() throws Exception {
    assertEquals("hello\ngoodbye\nhello again\n", Printed.by(Engines::main));
  }

  @Test
  void aBufferedGeneratorRunsAhead() throws Exception {
    assertEquals("333333833333500000\n", Printed.by(Buffered::main));
  }

  @Test
  void aTransferHandsThePlaceOn() throws Exception {
    assertEquals("pong has the ball\nping has the ball back\n", Printed.by(PingPong::main));
  }

  @Test
  void aSortIsAnsweredComparisonByComparison() throws Exception {
    assertEquals("[10, 20, 30, 40]\n", Printed.by(SortSteps::main));
  }

  @Test
  void fibersSleepInVirtualTime() throws Exception {
    assertEquals("24 hours later\nPT24H\n", Printed.by(Fibers::main));
  }

  @Test
  void anExplorerFindsTheDeadlockOfThePhilosophers() throws Exception {
    String printed = Printed.by(Explorer::main);
    assertTrue(printed.contains("Plato: lock the right fork, which Socrates has locked"), printed);
  }

  @Test
  void aThreadFeedsARuntime() throws Exception {
    assertEquals("GET /\nGET /news\n", Printed.by(Endpoints::main));
  }

  @Test
  void aConditionWaitsForTheDelivery() throws Exception {
    assertEquals("served at PT3S\n", Printed.by(Locks::main));
  }

  @Test
  void channelsPassWordsAndSelectWaitsForTheFirst() throws Exception {
    assertEquals("to be or not to be \nthe command stop\n", Printed.by(Channels::main));
  }

  @Test
  void aScopeJoinsItsForks() throws Exception {
    assertEquals("soup and bread\n", Printed.by(Scopes::main));
  }

  @Test
  void aSinkIsFedByACallbackAndByAStream() throws Exception {
    assertEquals("{# One=2, # Two=0, # Three=1}\n{# Four=3}\n", Printed.by(Sections::main));
  }

  @Test
  void aZipIsMadeWhileItIsRead(@TempDir Path folder) throws Exception {
    Path one = Files.writeString(folder.resolve("one.txt"), "first");
    Path two = Files.writeString(folder.resolve("two.txt"), "second");
    assertEquals(
        "one.txt: first\ntwo.txt: second\n",
        Printed.by(Zipped::main, one.toString(), two.toString()));
  }

  @Test
  void aBlockingParserIsFedWithChunks() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(("<a>" + "<b/>".repeat(1000) + "</a>").getBytes(StandardCharsets.UTF_8));
    }
    for (int size : new int[] {1, 10, 10_000}) {
      assertEquals(1001, Chunks.count(Chunks.chunks(zipped.toByteArray(), size)));
    }
  }

  @Test
  void aReportIsReadAndPropertiesAreWritten() throws Exception {
    assertEquals("1 squared is 1\n{colour=blue}\n", Printed.by(Report::main));
  }

  @Test
  void aGeneratorIsPublishedAndASinkSubscribes() throws Exception {
    assertEquals("{# Section 1=1, # Section 2=1}\n{# One=1}\n", Printed.by(Flows::main));
  }

  @Test
  void aRunLengthCodeIsALoopInAStream() throws Exception {
    assertEquals("[2a, 1b, 3c]\n", Printed.by(Runs::main));
  }
}
