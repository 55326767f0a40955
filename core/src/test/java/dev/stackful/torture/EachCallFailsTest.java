package dev.stackful.torture;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stackful.Engine;
import dev.stackful.testing.OwnJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any call may fail for want of stack or memory. */
final class EachCallFailsTest {
  private static final List<String> CLASSES =
      List.of(
          "dev.stackful.CoroutineCore",
          "dev.stackful.internal.engine.CoroutineStack",
          "dev.stackful.internal.engine.NativeStack",
          "dev.stackful.internal.engine.ThreadStack",
          "dev.stackful.internal.engine.Handoff");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Engine.class)
  @Tag("native-speed")
  void noCoroutineIsLostWhicheverFails(Engine engine) throws Exception {
    run(engine, "coroutines");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  @Tag("native-speed")
  void noFiberIsLostWhicheverFails(Engine engine) throws Exception {
    run(engine, "fibers");
  }

  @Test
  @Tag("native-speed")
  void noFiberIsLostWhileTheWatchdogLooks() throws Exception {
    run(Engine.preferred(), "fibers", "-Dstackful.watchdog=1");
  }

  private void run(Engine engine, String what, String... flags) throws Exception {
    assumeTrue(engine.isAvailable());
    FailingCalls.plant(folder, CLASSES);
    new OwnJvm()
        .withClassesFirst(folder)
        .with(flags)
        .within(Duration.ofMinutes(3)) // a new thread for each body, on the engines of threads
        .run(EachCallFails.class, engine.name(), what)
        .mustSucceed();
  }
}
