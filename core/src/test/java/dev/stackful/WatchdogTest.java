package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stackful.testing.OwnJvm;
import dev.stackful.torture.Deadlocks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The watchdog names a coroutine that waits for who resumed it, and no other. */
@Tag("native-speed") // each of many programs starts a JVM
final class WatchdogTest {
  private static final String REPORT = "can never go on";

  private static OwnJvm.Result run(String scenario, String engine, int reports, String... flags) {
    return new OwnJvm()
        .with("-Dengine=" + engine)
        .with(flags)
        .run(Deadlocks.class, scenario, Integer.toString(reports))
        .mustSucceed();
  }

  private static int reports(OwnJvm.Result result) {
    return result.output().split(REPORT, -1).length - 1;
  }

  @ParameterizedTest
  @CsvSource({
    "monitor,     NATIVE,          Deadlocks.needsMonitor",
    "lock,        NATIVE,          ReentrantLock",
    "nested,      NATIVE,          outer",
    "transferred, NATIVE,          Deadlocks.needsMonitor",
    "monitor,     PLATFORM_THREAD, Deadlocks.needsMonitor",
    "lock,        PLATFORM_THREAD, ReentrantLock",
    "nested,      PLATFORM_THREAD, outer",
  })
  void aLockThatTheResumerHoldsIsReportedOnceWithBothStacks(
      String scenario, String engine, String detail) {
    OwnJvm.Result result =
        run(scenario, engine, 1, "-Dstackful.watchdog=20")
            .mustPrint("stuck")
            .mustPrint("the coroutine inner " + REPORT)
            .mustPrint("held by \"the-resumer\"")
            .mustPrint("\"the-resumer\" #")
            .mustPrint("Deadlocks." + scenario + "(")
            .mustPrint(detail);
    assertEquals(1, reports(result), result.output());
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"NATIVE", "PLATFORM_THREAD"})
  void twoResumersThatHoldWhatTheOthersCoroutineNeedsAreReported(Engine engine) {
    OwnJvm.Result result =
        run("crossed", engine.name(), 2, "-Dstackful.watchdog=20")
            .mustPrint("the coroutine inner " + REPORT)
            .mustPrint("the coroutine other " + REPORT);
    assertEquals(2, reports(result), result.output());
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"NATIVE", "PLATFORM_THREAD"})
  void aCircleWithAResumeInItsMiddleIsReported(Engine engine) {
    OwnJvm.Result result =
        run("entangled", engine.name(), 2, "-Dstackful.watchdog=20")
            .mustPrint("the coroutine inner " + REPORT)
            .mustPrint("the coroutine other " + REPORT);
    assertEquals(2, reports(result), result.output());
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"NATIVE", "PLATFORM_THREAD"})
  void aClassThatTheResumerInitializesIsReported(Engine engine) {
    OwnJvm.Result result =
        run("initializer", engine.name(), 1, "-Dstackful.watchdog=20")
            .mustPrint("stuck")
            .mustPrint("the coroutine needs-the-class " + REPORT)
            .mustPrint("waits for the class dev.stackful.torture.InitializesTwice");
    assertEquals(1, reports(result), result.output());
  }

  @ParameterizedTest
  @CsvSource({
    "contention, NATIVE",
    "contention, PLATFORM_THREAD",
    "contention, VIRTUAL_THREAD",
    "standing,   NATIVE",
    "standing,   PLATFORM_THREAD",
  })
  void aHealthyProgramIsNotReported(String scenario, String engine) {
    OwnJvm.Result result = run(scenario, engine, 0, "-Dstackful.watchdog=5").mustPrint("ended");
    assertEquals(0, reports(result), result.output());
  }

  @Test
  void itIsOffByDefault() {
    OwnJvm.Result result = run("monitor", "NATIVE", 0).mustPrint("stuck").mustPrint("no watchdog");
    assertEquals(0, reports(result), result.output());
  }

  @Test
  void withoutTheModulesThatItAndTheEventsNeedCoroutinesWork() {
    run("contention", "NATIVE", 0, "-Dstackful.watchdog=true", "--limit-modules=java.base")
        .mustPrint("--add-modules=java.management")
        .mustPrint("ended");
  }

  @Test
  void aWrongPeriodIsSaidAndLeavesItOff() {
    OwnJvm.Result result =
        run("monitor", "NATIVE", 0, "-Dstackful.watchdog=often")
            .mustPrint("no watchdog")
            .mustPrint("stackful.watchdog must be true, false or");
    assertFalse(result.output().contains(REPORT), result.output());
  }
}
