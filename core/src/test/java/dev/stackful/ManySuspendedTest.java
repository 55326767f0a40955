package dev.stackful;

import dev.stackful.testing.OwnJvm;
import dev.stackful.torture.MillionSuspended;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As many suspended coroutines as docs/limits.md says fit. */
@Tag("native-speed")
final class ManySuspendedTest {
  @Test
  void aMillionFitOnVirtualThreads() {
    new OwnJvm()
        .with("-Xmx3g")
        .within(Duration.ofMinutes(5))
        .run(MillionSuspended.class, "VIRTUAL_THREAD", "1000000")
        .mustSucceed()
        .mustPrint("ended 1000000");
  }

  @Test
  void twentyThousandFitOnTheNativeEngine() {
    new OwnJvm()
        .within(Duration.ofMinutes(5))
        .run(MillionSuspended.class, "NATIVE", "20000")
        .mustSucceed()
        .mustPrint("ended 20000");
  }
}
