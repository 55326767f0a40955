package dev.stackful.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stackful.Engine;
import dev.stackful.fiber.Json;
import dev.stackful.internal.context.Routines;
import dev.stackful.internal.foreign.ForeignRoutines;
import dev.stackful.testing.OwnJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command prints. */
final class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return Main.run(
        List.of(arguments),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void demoPrintsTheBooksLines() throws IOException {
    assertEquals(0, run("demo"));
    try (var golden = MainTest.class.getResourceAsStream("c-fibers-output.txt")) {
      assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), printed());
    }
    assertEquals("", complained());
  }

  @Test
  void demoWritesATrace(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("trace.json");
    assertEquals(0, run("demo", "--trace", file.toString()));
    try (var golden = MainTest.class.getResourceAsStream("c-fibers-output.txt")) {
      assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), printed());
    }
    List<?> events = (List<?>) Json.parse(Files.readString(file));
    // Each of the 25 counts ends a turn, and so do the two ends.
    assertEquals(
        27, events.stream().filter(e -> Objects.equals(((Map<?, ?>) e).get("ph"), "X")).count());
  }

  @Test
  void demoSaysInALineWhyItCannotWriteATrace(@TempDir Path folder) {
    String nowhere = folder.resolve("no/such/folder").toString();
    assertEquals(1, run("demo", "--trace", nowhere));
    assertEquals(
        "stackful: cannot write the trace to " + nowhere + ": there is no such folder\n",
        complained());
    err.reset();
    assertEquals(1, run("demo", "--trace", folder.toString()));
    assertEquals(
        "stackful: cannot write the trace to " + folder + ": Is a directory\n", complained());
    assertEquals("", printed());
  }

  @Test
  void explainPrintsTheSwitchOfBothProcessorsSideBySide() {
    assertEquals(0, run("explain"));
    List<String> lines = printed().lines().toList();
    assertTrue(lines.get(0).matches("x86-64.* {2,}AArch64.*"), lines.get(0));
    assertTrue(lines.stream().anyMatch(line -> line.matches(".*wrfsbase rax.* {2,}.*")), printed());
    assertTrue(printed().contains("msr tpidr_el0, x10"), printed());
    assertTrue(printed().lines().noneMatch(line -> line.contains("rt_sigtimedwait")), printed());
  }

  @Test
  void explainKnowsEveryRoutineAndAllOfThem() {
    List<String> names =
        Stream.concat(Routines.NAMES.stream(), ForeignRoutines.NAMES.stream()).toList();
    for (String routine : names) {
      out.reset();
      assertEquals(0, run("explain", routine));
      assertTrue(printed().contains(routine + ":"), printed());
    }
    out.reset();
    assertEquals(0, run("explain", "all"));
    names.forEach(routine -> assertTrue(printed().contains(routine + ":"), routine));
    out.reset();
    assertEquals(0, run("help"));
    names.forEach(
        routine -> assertTrue(printed().matches("(?s).*\\b" + routine + "\\b.*"), routine));
  }

  @Test
  void doctorSaysWhichEngineAndWhy() {
    assertEquals(0, run("doctor"));
    for (String expected :
        List.of(
            "get ",
            "NATIVE",
            "PLATFORM_THREAD",
            "VIRTUAL_THREAD",
            "self-test",
            "glibc",
            "--enable-native-access=",
            "-XX:+UseSystemMemoryBarrier")) {
      assertTrue(printed().contains(expected), expected + " is missing in\n" + printed());
    }
  }

  @Test
  void doctorTriesEveryEngineThatIsAvailable() {
    assertEquals(0, run("doctor"));
    for (Engine engine : Engine.values()) {
      String finding =
          engine.isAvailable() ? " +available: a coroutine yielded" : " +not available";
      assertTrue(
          printed().lines().anyMatch(line -> line.matches("  " + engine + finding + ".*")),
          engine + " is missing in\n" + printed());
    }
    assertTrue(printed().contains("C functions as coroutines: available"), printed());
  }

  @Test
  void wrongCallsSayWhatIsRight() {
    for (String[] wrong :
        new String[][] {
          {},
          {"walk"},
          {"demo", "twice"},
          {"demo", "--trace"},
          {"explain", "jump"},
          {"doctor", "who"}
        }) {
      err.reset();
      assertEquals(2, run(wrong));
      assertTrue(complained().contains("usage: stackful"), complained());
      assertEquals("", printed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help", "-h"})
  void helpIsNoError(String spelling) {
    assertEquals(0, run(spelling));
    assertTrue(printed().startsWith("usage: stackful"), printed());
    for (String command : List.of("demo", "explain", "doctor", "help", "version")) {
      assertTrue(printed().contains("\n  " + command), command);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "explain", "doctor", "help", "version"})
  void aCommandIsAskedForHelpToo(String command) {
    for (String spelling : List.of("--help", "-h")) {
      out.reset();
      assertEquals(0, run(command, spelling));
      assertTrue(printed().startsWith("usage: stackful"), printed());
      assertEquals("", complained());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version"})
  void versionIsTheBuilds(String spelling) throws IOException {
    assertEquals(0, run(spelling));
    Path pom = StackfulScriptTest.root().resolve("pom.xml");
    Matcher version = Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(pom));
    assertTrue(version.find());
    assertEquals("stackful " + version.group(1) + "\n", printed());
  }

  @Test
  void whatCannotBeWrittenIsTold(@TempDir Path folder) throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    assertEquals(1, run("demo", "--trace", full.toString()));
    assertEquals(
        "stackful: cannot write the trace to /dev/full: No space left on device\n", complained());
    Path err = folder.resolve("err");
    Process command =
        new ProcessBuilder(
                OwnJvm.java(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "version")
            .redirectOutput(full.toFile())
            .redirectError(err.toFile())
            .start();
    assertEquals(1, command.waitFor());
    assertEquals(
        "stackful: cannot write the output: No space left on device\n", Files.readString(err));
  }
}
