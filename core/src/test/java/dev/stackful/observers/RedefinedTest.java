package dev.stackful.observers;

import dev.stackful.Engine;
import dev.stackful.testing.OwnJvm;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An agent may redefine the class in which a body is suspended, as that of any method that runs.
 */
final class RedefinedTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"-Xmixed", "-Xint", "-Xcomp"})
  void aSuspendedFrameKeepsItsVersionAndCallsTheNext(String flag) throws Exception {
    new OwnJvm()
        .with(flag, Redefinitions.agent(folder, Redefined.class))
        .within(Duration.ofMinutes(3)) // -Xcomp waits for each method to be compiled
        .run(Redefined.class)
        .mustSucceed()
        .mustPrint("before: version 1\n")
        .mustPrint("suspended since before: version 1, calls version 2\n")
        .mustPrint("at its end: version 1, calls version 2\n")
        .mustPrint("begun since: version 2\nbegun since: version 2, calls version 2\n");
  }

  /**
   * What follows a switch is interpreted then, and takes more of the stack than what came before:
   * where it overflows, each coroutine is where it must be.
   */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void anOverflowRightAfterASwitchLeavesNoCoroutineRunning(Engine engine) throws Exception {
    new OwnJvm()
        .with(Redefinitions.agent(folder, OverflowAfterSwitch.class))
        .within(Duration.ofMinutes(3))
        .run(OverflowAfterSwitch.class, "10", engine.name())
        .mustSucceed();
  }
}
