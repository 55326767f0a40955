package dev.stackful.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.stackful.testing.CompiledC;
import dev.stackful.testing.OwnJvm;
import dev.stackful.torture.ManyForeign;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign coroutines where they could take the JVM with them, and very many of them. */
final class ForeignTortureTest {
  @ParameterizedTest
  @CsvSource({"ordinary,-XX:+UseG1GC", "critical,-XX:+UseG1GC", "critical,-XX:+UseZGC"})
  @Tag("native-speed")
  void profilersAndCollectorsMayInterruptCCode(String kind, String collector) {
    new OwnJvm()
        .with("-XX:+UnlockExperimentalVMOptions", collector)
        .run(ForeignProfiled.class, CompiledC.library().toString(), kind)
        .mustSucceed()
        .mustPrint("yielded 4000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-Xcomp", "-Xcheck:jni"})
  @Tag("native-speed")
  void everyModeOfTheVmRunsThem(String flag) {
    new OwnJvm().with(flag).run(ManyForeign.class, "1000").mustSucceed();
  }

  @Test
  @Tag("native-speed")
  void twoHundredThousandAreSuspendedAtOnce() {
    new OwnJvm()
        .with("-Xmx1g")
        .within(Duration.ofMinutes(2))
        .run(ManyForeign.class, "200000")
        .mustSucceed()
        .mustPrint("suspended 200000");
  }

  @Test
  @Tag("native-speed")
  void atTheLimitOfMappingsNothingIsLost() {
    new OwnJvm()
        .with("-Dstackful.guards=mappings")
        .within(Duration.ofMinutes(2))
        .run(ManyForeign.class, "limit")
        .mustSucceed()
        .mustPrint("limit reached");
  }

  /** Where the process may lock memory. */
  @Test
  @Tag("native-speed")
  void memoryThatIsLockedWhenItIsMappedGetsGuardsAllTheSame() {
    OwnJvm.Result result = new OwnJvm().run(LockedMemory.class).mustSucceed();
    assumeFalse(result.output().contains("may not lock"), result.output());
    result.mustPrint("locked");
  }

  @Test
  void aSuspendedFunctionKeepsItsLibrary() {
    new OwnJvm()
        .run(CollectedLibrary.class, CompiledC.library().toString())
        .mustSucceed()
        .mustPrint("it stayed");
  }

  /** Where gdb is installed, and may attach. */
  @Test
  @Tag("native-speed")
  void gdbsWalkEndsAtTheBase() {
    OwnJvm.Result result = new OwnJvm().run(GdbWalk.class).mustSucceed();
    assumeFalse(result.output().contains("not attached"), result.output());
    List<String> frames = result.output().lines().filter(line -> line.startsWith("#")).toList();
    int system = 0;
    while (!frames.get(system).contains("do_system")) {
      system++;
    }
    // The trampoline, and the zero that stands where its return address would.
    assertEquals(system + 3, frames.size(), result.output());
    assertTrue(frames.getLast().matches("#\\d+ +0x0+ in .*"), result.output());
  }

  @Test
  void withoutNativeAccessTheReasonNamesTheFlag() {
    String output =
        new OwnJvm()
            .withoutNativeAccess()
            .with("--illegal-native-access=deny")
            .run(ForeignAvailable.class)
            .mustSucceed()
            .output();
    List<String> refused = output.lines().filter(line -> line.startsWith("refused: ")).toList();
    assertEquals(2, refused.size(), output);
    for (String line : refused) {
      assertTrue(line.contains("--enable-native-access=ALL-UNNAMED"), output);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmixed", "-Xint"})
  @Tag("native-speed")
  void overflowsOfTheResumersStackLoseNothing(String flag) {
    new OwnJvm()
        .with(flag)
        .run(ResumerOverflows.class, CompiledC.library().toString(), "100")
        .mustSucceed();
  }

  /** Wherever the stack overflows, no step of a life is taken twice and no claim is lost. */
  @ParameterizedTest
  @ValueSource(strings = {"-Xmixed", "-Xint"})
  @Tag("native-speed")
  void overflowsAnywhereInALifeLoseNothing(String flag) {
    new OwnJvm()
        .with(flag, "-XX:MaxJavaStackTraceDepth=20")
        .run(LifeOverflows.class, CompiledC.library().toString(), "80")
        .mustSucceed();
  }
}
