package dev.stackful.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stackful.Engine;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that print numbers, in JVMs of their own. */
@Timeout(60)
final class ProgramsTest {
  @Test
  void theFirstLineIsTheNumber() throws Exception {
    assertEquals("1", Programs.firstLine(List.of("printf", "1\\n2\\n")));
  }

  @Test
  void oneThatFailsIsNamed() {
    IOException failed =
        assertThrows(
            IOException.class, () -> Programs.firstLine(List.of("sh", "-c", "echo 1; exit 3")));
    assertTrue(failed.getMessage().contains("echo 1; exit 3"), failed.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void theFirstOfManyAreTimed(ColdPoolMain.Kind kind) throws Exception {
    assumeTrue(kind != ColdPoolMain.Kind.COROUTINE || Engine.NATIVE.isAvailable());
    assertPositive(1, Programs.firstLine(ColdPool.command(kind, 20)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLATFORM_THREAD", "VIRTUAL_THREAD"})
  void aHandoffIsTimedByTheClockAndInProcessorTime(String engine) throws Exception {
    assertPositive(
        2, Programs.firstLine(Programs.java(List.of(), HandoffMain.class, engine, "30")));
  }

  private static void assertPositive(int count, String line) {
    double[] numbers = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertEquals(count, numbers.length, line);
    assertTrue(Arrays.stream(numbers).allMatch(number -> number > 0), line);
  }
}
