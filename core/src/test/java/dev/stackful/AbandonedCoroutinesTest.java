package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.testing.OwnJvm;
import dev.stackful.torture.AbandonedStreams;
import dev.stackful.torture.AbandonedUnderLoad;
import dev.stackful.torture.Abandonment;
import dev.stackful.torture.Leaks;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Suspended coroutines that nobody holds are unwound, and their stacks used again. */
final class AbandonedCoroutinesTest {
  @ParameterizedTest
  @EnumSource(Engine.class)
  @Tag("native-speed")
  void abandonedCoroutinesRunTheirFinallyBlocks(Engine engine) {
    new OwnJvm()
        .run(Abandonment.class, "2000", "500", engine.name())
        .mustSucceed()
        .mustPrint("unwound 2000");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  @Tag("native-speed")
  void underLoadTheAbandonedAreUnwoundAndNoneElse(Engine engine) {
    new OwnJvm()
        .run(AbandonedUnderLoad.class, "1000", engine.name())
        .mustSucceed()
        .mustPrint("unwound 2000")
        .mustPrint("expected: thrown by a finally block");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  @Tag("native-speed")
  void whatIsMadeOfABodyIsUnwoundWhenItIsDroppedAndNotBefore(Engine engine) {
    new OwnJvm()
        .run(AbandonedStreams.class, engine.name())
        .mustSucceed()
        .mustPrint("begun 8, unwound 8")
        .mustPrint("held 8");
  }

  @Test
  void aLeakIsLoggedWithItsNameAndWhereItWasMade() {
    new OwnJvm()
        .with("-Dstackful.leaks=true")
        .run(Leaks.class)
        .mustSucceed()
        .mustPrint("the coroutine leaky was dropped while suspended: close it")
        .mustPrint("dev.stackful.torture.Leaks.makesOne")
        .mustPrint("the coroutine leaky was abandoned, and threw when it was unwound");
  }

  @Test
  @Tag("native-speed")
  void aHundredThousandAreUnwoundOnAFewStacks() {
    OwnJvm.Result result =
        new OwnJvm()
            .within(Duration.ofMinutes(3))
            .run(Abandonment.class, "100000", "5000", "NATIVE")
            .mustSucceed()
            .mustPrint("unwound 100000");
    Matcher stacks = Pattern.compile("stacks (\\d+)").matcher(result.output());
    assertTrue(stacks.find(), result.output());
    // a batch's, the two that wait, and as many as are started ahead of need
    assertTrue(Integer.parseInt(stacks.group(1)) <= 5_002 + 16, result.output());
  }

  @Test
  @Tag("native-speed")
  void atTheLimitTheAbandonedAreReclaimedBeforeANewOneIsRefused() {
    // More than the machine allows at once, and nobody but the library asks for a collection.
    new OwnJvm()
        .within(Duration.ofMinutes(3))
        .run(Abandonment.class, "36000", "0", "NATIVE")
        .mustSucceed()
        .mustPrint("unwound 36000");
  }
}
