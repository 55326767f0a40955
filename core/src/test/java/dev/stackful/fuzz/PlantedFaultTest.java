package dev.stackful.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The thousand programs of {@link FuzzTest} find a fault in the library. */
@Tag("native-speed")
final class PlantedFaultTest {
  @ParameterizedTest
  @EnumSource(PlantedFault.class)
  void isFound(PlantedFault fault, @TempDir Path folder) throws Exception {
    fault.plant(folder);
    StringBuilder output = new StringBuilder();
    FuzzJvm jvm =
        new FuzzJvm(
                List.of(FuzzTest.QUICK, "-D" + Fuzz.SHRINK_PROPERTY + "=false"),
                line -> output.append(line).append('\n'))
            .withClassesFirst(folder);
    assertFalse(jvm.run(fault.subject, 1, FuzzTest.PROGRAMS), output::toString);
    assertTrue(output.toString().contains(" differ on "), output::toString);
  }
}
