package dev.stackful.torture;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stackful.Engine;
import dev.stackful.testing.OwnJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory is wanted, and there is none. */
final class FullHeapTest {
  @ParameterizedTest
  @EnumSource(Engine.class)
  @Tag("native-speed")
  void whoWaitsForAFiberLearnsOfItsEndThoughTheHeapIsFull(Engine engine) {
    assumeTrue(engine.isAvailable());
    new OwnJvm()
        .with("-Xmx24m", "-XX:+UseSerialGC")
        .run(FullHeap.class, engine.name())
        .mustSucceed();
  }
}
