package dev.stackful;

import dev.stackful.testing.OwnJvm;
import dev.stackful.torture.Recorded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A recording of the Flight Recorder holds what it asks for about coroutines, and nothing unasked.
 */
final class CoroutineEventsTest {
  @ParameterizedTest
  @EnumSource(Engine.class)
  void aRecordingHoldsWhatItAsksFor(Engine engine) {
    new OwnJvm()
        .with("-Dengine=" + engine)
        .run(Recorded.class)
        .mustSucceed()
        .mustPrint("of a suspended coroutine: ok");
  }
}
