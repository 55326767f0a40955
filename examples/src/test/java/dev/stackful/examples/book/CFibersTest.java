package dev.stackful.examples.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stackful.examples.Documents;
import dev.stackful.examples.OwnJvm;
import dev.stackful.internal.os.Isa;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The book's program, and what docs/context-switch.md says of the same program with a mistake. The
 * output is that of C, so that each runs in a JVM of its own.
 */
class CFibersTest {
  private static final boolean AMD64 = Isa.require() == Isa.AMD64;
  private static final String WITHOUT_THE_MISTAKE = "right";

  @BeforeAll
  static void onlyOnLinux() {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
  }

  private static OwnJvm.Result run(Class<?> program, String... arguments) throws Exception {
    List<String> flags = List.of("-XX:-CreateCoredumpOnCrash", "-XX:+ErrorFileToStdout");
    return OwnJvm.run(Duration.ofMinutes(2), flags, program, arguments);
  }

  private static void prints(String expected, String... arguments) throws Exception {
    OwnJvm.Result result = run(BrokenFibers.class, arguments);
    assertEquals(expected, result.output());
    assertEquals(0, result.exitStatus());
  }

  @Test
  void itPrintsTheBooksLines() throws Exception {
    OwnJvm.Result result = run(CFibers.class);
    assertEquals(
        Files.readString(
            Documents.file("core/src/test/resources/dev/stackful/cli/c-fibers-output.txt")),
        result.output());
    assertEquals(0, result.exitStatus());
  }

  @Test
  void itHasNoMoreThan200LinesOfCode() throws Exception {
    String source =
        Files.readString(
            Documents.file("examples/src/main/java/dev/stackful/examples/book/CFibers.java"));
    Pattern noCode = Pattern.compile("|//.*|/?\\*.*|(import|package) .*");
    assertTrue(
        source.lines().map(String::strip).filter(noCode.asMatchPredicate().negate()).count()
            <= 200);
  }

  @Test
  void aThreadMayBeACFunctionAlone() throws Exception {
    prints("no available thread\nPATH true, then false\nagain\n", "c-function");
  }

  @Test
  void whatTheSwitchForgetsComesFromTheOtherThread() throws Exception {
    prints(AMD64 ? "rbx is 2\n" : "d8 is 2.5\n", "forgotten");
    prints(AMD64 ? "rbx is 1\n" : "d8 is 1.5\n", "forgotten", WITHOUT_THE_MISTAKE);
  }

  @Test
  void aStackThatIsNotAlignedEndsTheProcessInTheFirstVectorThatIsStoredThere() throws Exception {
    prints("0.0 on its stack\n", "misaligned", WITHOUT_THE_MISTAKE);
    assumeTrue(AMD64, "qemu checks no alignment of the stack pointer");
    OwnJvm.Result result = run(BrokenFibers.class, "misaligned");
    assertNotEquals(0, result.exitStatus());
    assertTrue(result.output().contains("SIGSEGV"), result.output());
    assertTrue(result.output().contains("dprintf"), result.output());
  }

  @Test
  void withoutTheTrampolineAFunctionReturnsToItsOwnBeginning() throws Exception {
    assumeTrue(!AMD64);
    OwnJvm.Result result = run(BrokenFibers.class, "no-trampoline");
    assertEquals("entered\nentered\nentered\n", result.output());
    assertEquals(42, result.exitStatus());
    prints("entered\nit has ended\n", "no-trampoline", WITHOUT_THE_MISTAKE);
  }

  @Test
  void withoutSkipTheGuardIsEnteredOnAStackThatIsNotAligned() throws Exception {
    assumeTrue(AMD64);
    prints("rsp % 16 is 0\n", "no-skip");
    prints("rsp % 16 is 8\n", "no-skip", WITHOUT_THE_MISTAKE);
  }

  @Test
  void floatingPointControlIsLeftToWhoeverRunsNext() throws Exception {
    prints("Java rounds upward\n", "rounding");
  }
}
