package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.examples.foreign.NeededLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a program can't do it says in a line, without a stack trace, and ends with a status. */
@Tag("native-speed") // many JVMs; nothing in it depends on the processor
class WrongArgumentsTest {
  @TempDir private Path folder;

  private static OwnJvm.Result run(String program, String... arguments) throws Exception {
    Class<?> main = Class.forName("dev.stackful.examples." + program);
    return OwnJvm.run(Duration.ofMinutes(1), List.of(), main, arguments);
  }

  /** Programs, and what they refuse. */
  private static final Map<String, List<String>> WRONG =
      Map.ofEntries(
          Map.entry("CallCentre", List.of("one", "1 2")),
          Map.entry("ChunkedXmlServer", List.of("8080")),
          Map.entry("CopyTable", List.of("all", "0", "1 2")),
          Map.entry("CsvTotals", List.of("", "a b")),
          Map.entry("ExpatOutline", List.of("", "a b")),
          Map.entry("GameLoop", List.of("many", "0", "5 -5", "5 5 x", "5 5 5 5")),
          Map.entry("JsonExport", List.of("all", "-1")),
          Map.entry("LuaCoroutines", List.of("nonsense.lua")),
          Map.entry("ManyRuntimes", List.of("all", "0", "1 2")),
          Map.entry("Pipeline", List.of("all", "0", "1 2")),
          Map.entry("ProducersConsumers", List.of("3")),
          Map.entry("PullParser", List.of("", "--nonsense a")),
          Map.entry("RunLengths", List.of("3A", "3A. 3B.")),
          Map.entry("SameFringe", List.of("a")),
          Map.entry("SortedByProcess", List.of("all", "-1")),
          Map.entry("SqliteQuery", List.of("", "a b c")),
          Map.entry("SupervisedActors", List.of("1")),
          Map.entry("TreeWalk", List.of("1 2 three", "--help")));

  private static Stream<Arguments> wrongCalls() {
    return WRONG.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .map(arguments -> Arguments.of(entry.getKey(), arguments)));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void aWrongCallIsAnsweredByHowToCallIt(String program, String arguments) throws Exception {
    OwnJvm.Result result = run(program, arguments.isEmpty() ? new String[0] : arguments.split(" "));
    assertEquals(2, result.exitStatus(), result.output());
    assertTrue(result.output().startsWith("usage: " + program), result.output());
    if (!program.equals("PullParser")) { // which has options to describe
      assertEquals(1, result.output().lines().count(), result.output());
    }
  }

  @Test
  void noProgramIsForgotten() throws Exception {
    Path folder = Documents.file("examples/src/main/java/dev/stackful/examples");
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> programs =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java") && !name.equals("package-info.java"))
              .map(name -> name.replace(".java", ""))
              .collect(Collectors.toSet());
      assertEquals(programs, WRONG.keySet());
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

    fails(none + ": no such file", "CsvTotals", none.toString());
    fails(folder + ": Is a directory", "CsvTotals", folder.toString());
    Path csv = Files.writeString(folder.resolve("wrong.csv"), "city,amount\nBonn,much\n");
    fails(
        csv + ": a row has no whole number in its second column: For input string: \"much\"",
        "CsvTotals",
        csv.toString());
  }
}
