package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.examples.foreign.NeededLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program can't do it says in a line, without a stack trace, and ends with a status. */
@Tag("native-speed") // many JVMs; nothing in it depends on the processor
class WrongArgumentsTest {
  @TempDir private Path folder;

  private static OwnJvm.Result run(String program, String... arguments) throws Exception {
    Class<?> main = Class.forName("dev.stackful.examples." + program);
    return OwnJvm.run(Duration.ofMinutes(1), List.of(), main, arguments);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "CallCentre, one",
        "CallCentre, 1 2",
        "ExpatOutline, -",
        "ExpatOutline, a b",
        "GameLoop, many",
        "GameLoop, 0",
        "GameLoop, 5 -5",
        "GameLoop, 5 5 x",
        "GameLoop, 5 5 5 5",
        "ProducersConsumers, 3",
        "PullParser, -",
        "RunLengths, 3A",
        "RunLengths, 3A. 3B.",
        "SameFringe, a",
        "SqliteQuery, -",
        "SqliteQuery, a b c",
        "TreeWalk, 1 2 three",
        "TreeWalk, --help",
      })
  void aWrongCallIsAnsweredByHowToCallIt(String program, String arguments) throws Exception {
    OwnJvm.Result result = run(program, arguments == null ? new String[0] : arguments.split(" "));
    assertEquals(2, result.exitStatus(), result.output());
    assertTrue(result.output().startsWith("usage: " + program), result.output());
    if (!program.equals("PullParser")) { // which has options to describe
      assertEquals(1, result.output().lines().count(), result.output());
    }
  }

  private static void fails(String answer, String program, String... arguments) throws Exception {
    OwnJvm.Result result = run(program, arguments);
    assertEquals(1, result.exitStatus(), result.output());
    assertEquals(answer + "\n", result.output());
  }

  @Test
  void aQueryThatFailsIsAnsweredBySqlitesMessage() throws Exception {
    NeededLibrary.sqlite();
    fails(
        "SqliteQuery: near \"selec\": syntax error (SQLite's result code 1)",
        "SqliteQuery",
        ":memory:",
        "selec");
    fails(
        "SqliteQuery: unable to open database file (SQLite's result code 14)",
        "SqliteQuery",
        folder.resolve("no/database").toString(),
        "VALUES (1)");
  }

  @Test
  void aFileThatCannotBeReadIsAnsweredByItsName() throws Exception {
    NeededLibrary.expat();
    Path none = folder.resolve("none.xml");
    fails(none + ": no such file", "ExpatOutline", none.toString());
    fails(folder + ": Is a directory", "ExpatOutline", folder.toString());
    Path text = Files.writeString(folder.resolve("text.xml"), "no markup");
    fails(text + ": line 1: syntax error", "ExpatOutline", text.toString());
  }
}
