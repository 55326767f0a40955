package dev.stackful.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the script {@code stackful} at the top of the checkout answers by itself. None of it builds
 * anything, so it must come at once, where there is neither a JDK nor Maven too.
 */
final class StackfulScriptTest {
  private static final long LIMIT_SECONDS = 60;

  @TempDir private Path folder;

  /** What a run printed and how it ended. */
  private record Result(int status, String out, String err) {}

  static Path root() {
    for (Path top = Path.of("").toAbsolutePath(); top != null; top = top.getParent()) {
      if (Files.isExecutable(top.resolve("stackful"))) {
        return top;
      }
    }
    throw new AssertionError("no stackful above " + Path.of("").toAbsolutePath());
  }

  private Result stackful(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(root().resolve("stackful").toString()));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.directory(folder.toFile());
    Process process = builder.start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("still running: " + command);
    }
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help", "-h"})
  void helpNamesEveryCommand(String spelling) throws Exception {
    Result help = stackful(spelling);
    assertEquals(0, help.status());
    assertEquals("", help.err());
    try (var usage = Main.class.getResourceAsStream("usage.txt")) {
      String librarys = new String(usage.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(help.out().startsWith(librarys), help.out());
    }
    List<String> commands =
        Pattern.compile("^  ([a-z |]+)\\)", Pattern.MULTILINE)
            .matcher(Files.readString(root().resolve("stackful")))
            .results()
            .flatMap((MatchResult result) -> Stream.of(result.group(1).split(" [|] ")))
            .toList();
    assertTrue(
        commands.containsAll(
            List.of("demo", "doctor", "example", "bench", "torture", "fuzz", "format")),
        commands::toString);
    for (String command : commands) {
      assertTrue(help.out().contains("\n  " + command), command);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "explain", "doctor", "example", "bench", "format"})
  void aCommandIsAskedForHelpToo(String command) throws Exception {
    Result help = stackful("--help");
    assertEquals(help, stackful(command, "--help"));
    if (!command.equals("bench")) { // whose -h is JMH's
      assertEquals(help, stackful(command, "-h"));
    }
  }

  @Test
  void versionIsTheCommands() throws Exception {
    Result version = stackful("--version");
    assertEquals(0, version.status());
    try (var text = Main.class.getResourceAsStream("version.txt")) {
      assertEquals(
          "stackful " + new String(text.readAllBytes(), StandardCharsets.UTF_8), version.out());
    }
    assertEquals(version, stackful("version"));
  }

  @Test
  void wrongCallsAreAnsweredInALine() throws Exception {
    refuses("no such command: walk", "walk");
    refuses("no such command: ", "");
    refuses("format takes no argument, got core", "format", "core");
    refuses("no such example: Fringe", "example", "Fringe");
    refuses("no such example: ../TreeWalk", "example", "../TreeWalk");
    refuses("no such example: package-info", "example", "package-info");
  }

  private void refuses(String answer, String... arguments) throws Exception {
    Result result = stackful(arguments);
    assertEquals(2, result.status(), result.toString());
    assertEquals("stackful: " + answer, result.err().lines().findFirst().orElse(""));
    assertTrue(result.err().lines().count() <= 2, result.err());
    assertEquals("", result.out());
  }

  @Test
  void anExampleThatIsNotThereBringsTheListOfThoseThatAre() throws Exception {
    String list = stackful("example", "Fringe").err().lines().toList().get(1);
    assertTrue(list.contains(" SameFringe"), list);
    assertFalse(list.contains("info"), list);
    assertTrue(stackful("--help").out().contains("SameFringe"));
  }

  @Test
  void withoutACommandItSaysHowToCallIt() throws Exception {
    Result result = stackful();
    assertEquals(2, result.status());
    assertEquals(stackful("--help").out(), result.err());
    assertEquals("", result.out());
  }
}
