package dev.stackful.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.internal.os.Isa;
import dev.stackful.testing.CompiledC;
import dev.stackful.testing.OwnJvm;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What C code must not do ends the process at once, and where it is done. */
final class FaultsTest {
  private static final int CAUGHT = 42;
  private static final int SIGILL = 4;
  private static final int SIGTRAP = 5;
  private static final int SIGSEGV = 11;
  private static final Pattern GUARD = Pattern.compile("guard (\\p{XDigit}+) (\\p{XDigit}+)");
  private static final Pattern FAULT = Pattern.compile("fault (\\d+) at (\\p{XDigit}+)");

  private static OwnJvm.Result run(String which, String handler, String... flags) {
    return new OwnJvm()
        .with("-XX:-CreateCoredumpOnCrash", "-XX:+ErrorFileToStdout")
        .with(flags)
        .run(Faults.class, CompiledC.library().toString(), which, handler);
  }

  private static Matcher find(Pattern pattern, OwnJvm.Result result) {
    Matcher matcher = pattern.matcher(result.output());
    assertTrue(matcher.find(), result.output());
    return matcher;
  }

  /** Whether guards cost mappings or not. */
  @ParameterizedTest
  @CsvSource({"recursion,mappings", "recursion,pages", "giant,mappings", "giant,pages"})
  void anOverflowFaultsAtTheGuard(String which, String guards) {
    OwnJvm.Result result = run(which, "caught", "-Dstackful.guards=" + guards);
    assertEquals(CAUGHT, result.exitStatus(), result.output());
    Matcher guard = find(GUARD, result);
    Matcher fault = find(FAULT, result);
    assertEquals(SIGSEGV, Integer.parseInt(fault.group(1)), result.output());
    long address = Long.parseUnsignedLong(fault.group(2), 16);
    assertTrue(Long.parseUnsignedLong(guard.group(1), 16) <= address, result.output());
    assertTrue(address < Long.parseUnsignedLong(guard.group(2), 16), result.output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"freed", "elsewhere", "over"})
  void aCallThatNobodyAnswersTraps(String which) {
    OwnJvm.Result result = run(which, "caught");
    assertEquals(CAUGHT, result.exitStatus(), result.output());
    int expected = Isa.require() == Isa.AMD64 ? SIGILL : SIGTRAP;
    assertEquals(expected, Integer.parseInt(find(FAULT, result).group(1)), result.output());
  }

  /** Left to the JVM, it ends too. */
  @Test
  void anOverflowEndsTheProcess() {
    OwnJvm.Result result = run("recursion", "plain");
    assertNotEquals(0, result.exitStatus(), result.output());
    assertFalse(result.output().contains("still alive"), result.output());
  }

  /** One that couldn't be seen before: in a critical resume, HotSpot sees it. */
  @Test
  void anUpcallOnTheStackEndsTheProcess() {
    OwnJvm.Result result = run("upcall", "plain");
    assertNotEquals(0, result.exitStatus(), result.output());
    assertFalse(result.output().contains("still alive"), result.output());
    result.mustPrint("wrong thread state for upcall");
  }
}
