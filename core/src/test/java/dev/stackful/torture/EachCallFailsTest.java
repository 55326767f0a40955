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

  private static final List<String> FOREIGN_CLASSES =
      List.of(
          "dev.stackful.foreign.ForeignCoroutine",
          "dev.stackful.internal.foreign.ForeignContext",
          "dev.stackful.internal.foreign.ForeignSwitch",
          "dev.stackful.internal.foreign.MappedStack",
          "dev.stackful.internal.foreign.MappedStackPool",
          "dev.stackful.internal.foreign.Thunks");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Engine.class)
  @Tag("native-speed")
  void noCoroutineIsLostWhicheverFails(Engine engine) throws Exception {
    plant(engine, CLASSES);
    run(engine, "coroutines");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  @Tag("native-speed")
  void noInterruptIsLostOrLeftWhicheverFails(Engine engine) throws Exception {
    plant(engine, List.of("dev.stackful.CoroutineCore"));
    run(engine, "interrupts");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  @Tag("native-speed")
  void noFiberIsLostWhicheverFails(Engine engine) throws Exception {
    plant(engine, CLASSES);
    run(engine, "fibers");
  }

  @Test
  @Tag("native-speed")
  void noFiberIsLostWhileTheWatchdogLooks() throws Exception {
    plant(Engine.preferred(), CLASSES);
    run(Engine.preferred(), "fibers", "-Dstackful.watchdog=1");
  }

  @Test
  @Tag("native-speed")
  void noForeignCoroutineIsLostWhicheverFails() throws Exception {
    FailingCalls.plant(folder, FOREIGN_CLASSES);
    new OwnJvm().withClassesFirst(folder).run(EachForeignCallFails.class).mustSucceed();
  }

  private void plant(Engine engine, List<String> classes) throws Exception {
    assumeTrue(engine.isAvailable());
    FailingCalls.plant(folder, classes);
  }

  private void run(Engine engine, String what, String... flags) throws Exception {
    new OwnJvm()
        .withClassesFirst(folder)
        .with(flags)
        .within(Duration.ofMinutes(3)) // a new thread for each body, on the engines of threads
        .run(EachCallFails.class, engine.name(), what)
        .mustSucceed();
  }
}
