package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stackful.cli.Main;
import dev.stackful.testing.OwnJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine that the system property chooses, for the whole program. */
final class ChosenEngineTest {
  @ParameterizedTest
  @ValueSource(strings = {"virtual-thread", "VIRTUAL_THREAD", "platform-thread"})
  void anEngineOfThreadsNeedsNoNativeAccessAndNoWarningIsPrinted(String name) {
    OwnJvm.Result result =
        new OwnJvm()
            .withoutNativeAccess()
            .with("-Dstackful.engine=" + name)
            .run(Main.class, "demo")
            .mustSucceed();
    assertEquals(demoOutput(), result.output());
  }

  private static String demoOutput() {
    try (var golden = Main.class.getResourceAsStream("c-fibers-output.txt")) {
      return new String(golden.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
