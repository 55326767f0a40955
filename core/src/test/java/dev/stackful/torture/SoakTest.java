package dev.stackful.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.stackful.observers.Observer;
import dev.stackful.torture.TortureRun.Outcome;
import dev.stackful.torture.TortureRun.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The soak under each configuration, for two seconds, and again until what looks at it has seen
 * bodies. ./stackful torture runs it for longer.
 */
final class SoakTest {
  private static final long SECONDS = 2;

  /** Each runs for longer, as an observer may hardly have begun when the JVM ends. */
  private static final int MOST_JVMS = 5;

  @Test
  void soaks() throws Exception {
    soak(TortureConfiguration.DEFAULT);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DEFAULT")
  @Tag("native-speed")
  void soaksUnder(TortureConfiguration configuration) throws Exception {
    soak(configuration);
  }

  /** Where a fault leaves what tells its cause. */
  private static Path folder(TortureConfiguration configuration) {
    return Path.of("target", "torture", "soak-" + configuration.title());
  }

  private void soak(TortureConfiguration configuration) throws Exception {
    TortureRun run = new TortureRun(TortureJdk.own(), configuration, folder(configuration));
    int jvms = 0;
    do {
      Outcome outcome = run.run(TortureProgram.RESUMES, SECONDS << jvms, 1);
      assumeFalse(outcome.verdict() == Verdict.LEFT_OUT, outcome.detail());
      assertEquals(Verdict.OK, outcome.verdict(), outcome.detail());
      jvms++;
    } while (jvms < MOST_JVMS && !run.observers().stream().allMatch(Observer::hasSeenBodies));
    for (Observer observer : run.observers()) {
      assertTrue(observer.hasSeenBodies(), observer.seen());
    }
  }
}
