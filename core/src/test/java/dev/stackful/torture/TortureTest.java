package dev.stackful.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Engine;
import dev.stackful.testing.OwnJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The native engine where it could take the JVM with it. */
final class TortureTest {
  private static final String ENABLE = "--enable-native-access=ALL-UNNAMED";

  // ---- the kernel's view ---------------------------------------------------------------------

  @Test
  void theKernelAndTheCLibraryAreNotFooled() {
    new OwnJvm().run(KernelFacts.class).mustSucceed();
  }

  @Test
  void blockedSocketsAreInterruptedAndClosed() {
    new OwnJvm().run(Sockets.class).mustSucceed();
  }

  /** Virtual threads can't: the JDK makes none as long as there is no system class loader. */
  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"NATIVE", "PLATFORM_THREAD"})
  void aSystemClassLoaderMayUseCoroutinesInItsConstructor(Engine engine) {
    new OwnJvm()
        .with("-Djava.system.class.loader=" + LoaderThatGenerates.class.getName())
        .with("-D" + LoaderThatGenerates.ENGINE_PROPERTY + "=" + engine)
        .run(LoaderThatGenerates.class)
        .mustSucceed()
        .mustPrint("in the constructor: [0, 1, 2]")
        .mustPrint("in the program: [0, 1, 2]");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void virtualResumersDoNotStarveEachOther(int carriers) {
    new OwnJvm()
        .with("-Djdk.virtualThreadScheduler.parallelism=" + carriers)
        .with("-Djdk.virtualThreadScheduler.maxPoolSize=" + carriers)
        .run(Carriers.class, "500")
        .mustSucceed();
  }

  @Test
  void aSuspendedCoroutineIsInEveryThreadDump() {
    new OwnJvm().run(ThreadDump.class).mustSucceed();
  }

  @Test
  @Tag("native-speed")
  void theFlightRecorderSamplesCoroutines() {
    new OwnJvm().run(Profiled.class).mustSucceed();
  }

  @Test
  void aComparatorOfTheCLibraryYields() {
    new OwnJvm().run(SortingCallback.class).mustSucceed();
  }

  @Test
  void aComparatorOfTheCLibraryYieldsUnderJniChecks() {
    new OwnJvm().with("-Xcheck:jni").run(SortingCallback.class).mustSucceed();
  }

  // ---- stacks and limits ---------------------------------------------------------------------

  @Test
  void stacksAreUsedAgainAndTrimmed() {
    new OwnJvm().with("-Dstackful.idleSeconds=1").run(StackPool.class).mustSucceed();
  }

  /** Interpreted, as then every frame is as large on each machine, and touches what is below. */
  @Test
  void idleStacksGiveBackTheMemoryThatTheirTasksHaveTouched() {
    new OwnJvm()
        .with("-Xint", "-XX:+UseSerialGC", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch")
        .run(StackMemory.class)
        .mustSucceed();
  }

  /** As where a JVM's threads keep their thread-locals elsewhere. */
  @Test
  void aStackServesOnceWhereThreadLocalsCannotBeErased() {
    new OwnJvm()
        .with("-Dstackful.threadLocals=false")
        .run(ThreadLocalsLeft.class, "serves-once")
        .mustSucceed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xcheck:jni",
        "-Xint",
        "-Xcomp",
        "-XX:+UseSerialGC",
        "-XX:+UseParallelGC",
        "-XX:+UseG1GC",
        "-XX:+UseShenandoahGC",
        "-XX:+UseZGC"
      })
  void threadLocalsAreErasedAndShared(String flag) {
    String output =
        new OwnJvm().with("-Xmx64m", flag).run(ThreadLocalsLeft.class).mustSucceed().output();
    assertFalse(output.contains("WARNING in native method"), output);
  }

  @Test
  @Tag("native-speed")
  void twentyThousandAreLiveAtOnce() {
    new OwnJvm().within(Duration.ofMinutes(3)).run(ManyLive.class).mustSucceed();
  }

  @ParameterizedTest
  @CsvSource({"mappings, native", "threads, native", "address-space, platform-thread"})
  @Tag("native-speed")
  void atTheLimitNothingIsLost(String limit, String engine) {
    new OwnJvm()
        .with("-Xmx1g", "-Dstackful.engine=" + engine)
        .run(LimitReached.class, limit)
        .mustSucceed();
  }

  @Test
  @Tag("native-speed")
  void anInterruptThatIsPassedOnTooLateIsNobodyElses() {
    new OwnJvm().run(LateInterrupts.class, "3").mustSucceed();
  }

  @Test
  @Tag("native-speed")
  void atTheLimitOfThreadsAFiberFailsAlone() {
    new OwnJvm().with("-Xmx1g", "-Xlog:os+thread=off").run(FiberLimitReached.class).mustSucceed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmixed", "-Xint", "-XX:TieredStopAtLevel=1"})
  void overflowsLeaveEverythingConsistent(String flag) {
    String rounds = flag.equals("-Xint") ? "100" : "300";
    new OwnJvm()
        .with("-Xmx64m", "-Dstackful.idleSeconds=1", flag)
        .within(Duration.ofMinutes(3))
        .run(Overflow.class, rounds)
        .mustSucceed();
  }

  @ParameterizedTest
  @CsvSource({
    "platform-thread, true",
    "platform-thread, false",
    "virtual-thread, true",
    "virtual-thread, false"
  })
  void overflowsInAHandoffLeaveTheBatonWithOneSide(String engine, String spin) {
    new OwnJvm()
        .with("-Dstackful.engine=" + engine, "-Dstackful.spin=" + spin)
        .within(Duration.ofMinutes(3))
        .run(Overflow.class, "5")
        .mustSucceed();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void overflowsInsideAFibersOperationsLoseNoFiber(Engine engine) {
    new OwnJvm()
        .run(FiberOverflow.class, engine.name(), "100")
        .mustSucceed()
        .mustPrint("no fiber is lost")
        .mustPrint("survived overflows");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aFiberThatBlocksItsThreadIsReported(Engine engine) {
    new OwnJvm().run(LongTurns.class, engine.name()).mustSucceed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmixed", "-Xint"})
  void aBodysClassLoaderIsCollected(String flag) {
    new OwnJvm().with(flag).run(Unloading.class).mustSucceed();
  }

  // ---- what the engine needs -----------------------------------------------------------------

  @Test
  void withoutNativeAccessTheReasonNamesTheFlag() {
    String output =
        new OwnJvm()
            .withoutNativeAccess()
            .with("--illegal-native-access=deny")
            .run(Available.class)
            .mustSucceed()
            .mustPrint("preferred: PLATFORM_THREAD")
            .mustPrint("native: false")
            .output();
    String reason = output.lines().filter(line -> line.startsWith("reason: ")).findAny().get();
    assertTrue(reason.contains(ENABLE), reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1000000001", "9223372036854775807"})
  void anIdleTimeOutOfRangeIsNamedAsTheReason(String seconds) {
    new OwnJvm()
        .with("-Dstackful.idleSeconds=" + seconds)
        .run(Available.class)
        .mustSucceed()
        .mustPrint("native: false")
        .mustPrint("stackful.idleSeconds must be a whole number of seconds from 1 to")
        .mustPrint(": " + seconds);
  }

  @Test
  void anotherSuspendResumeSignalWorks() {
    new OwnJvm()
        .withVariable("_JAVA_SR_SIGNUM", "40")
        .run(Available.class)
        .mustSucceed()
        .mustPrint("preferred: NATIVE");
  }

  @Test
  void aForeignHandlerOfTheSuspendResumeSignalIsRefused() {
    new OwnJvm()
        .run(Available.class, "foreign-handler")
        .mustSucceed()
        .mustPrint("preferred: PLATFORM_THREAD")
        .mustPrint("coroutines run on platform threads, as the engine NATIVE is not available: ")
        .mustPrint("_JAVA_SR_SIGNUM");
  }

  // ---- the JVM's exit ------------------------------------------------------------------------

  @Test
  void shutdownHooksMayUseCoroutines() {
    String output = new OwnJvm().run(Exits.class, "hook", "100").mustSucceed().output();
    for (int hook = 0; hook < 3; hook++) {
      assertTrue(output.contains("hook " + hook + ": 0 failures"), output);
    }
  }

  @Test
  void systemExitInsideACoroutineExits() {
    OwnJvm.Result result = new OwnJvm().run(Exits.class, "inside").mustPrint("hook ran");
    assertEquals(7, result.exitStatus(), result.output());
  }

  /** The failure would be 300 ms: HotSpot's wait for threads in native code. */
  @Test
  @Tag("native-speed")
  void suspendedCoroutinesDoNotDelayTheExit() {
    List<Long> without = new ArrayList<>();
    List<Long> withOne = new ArrayList<>();
    List<Long> withMany = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      without.add(exitMillis(0));
      withOne.add(exitMillis(1));
      withMany.add(exitMillis(500));
    }
    String seen = "exit in ms with 0, 1, 500: " + without + " " + withOne + " " + withMany;
    assertTrue(median(withOne) - median(without) < 150, seen);
    assertTrue(median(withMany) - median(without) < 150, seen);
  }

  private static long exitMillis(int suspended) {
    OwnJvm.Result result =
        new OwnJvm().run(Exits.class, "suspended", Integer.toString(suspended)).mustSucceed();
    long ended = System.currentTimeMillis();
    String over = result.output().lines().filter(l -> l.startsWith("over at ")).findAny().get();
    return ended - Long.parseLong(over.substring("over at ".length()));
  }

  private static long median(List<Long> values) {
    List<Long> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
