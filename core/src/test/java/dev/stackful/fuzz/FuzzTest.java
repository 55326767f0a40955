package dev.stackful.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thousand random programs of each subject; {@code ./stackful fuzz} runs more. */
final class FuzzTest {
  static final int PROGRAMS = 1_000;

  /** A second's run is over before the second compiler has paid for itself. */
  static final String QUICK = "-XX:TieredStopAtLevel=1";

  private static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  @ParameterizedTest
  @EnumSource
  void everyEngineDoesWhatTheModelDoes(Subject subject) throws Exception {
    StringBuilder output = new StringBuilder();
    FuzzJvm jvm = new FuzzJvm(List.of(QUICK), line -> output.append(line).append('\n'));
    assertTrue(jvm.run(subject, 1, PROGRAMS / (SLOWNESS * SLOWNESS)), output::toString);
  }
}
