package dev.stackful.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import dev.stackful.benchmarks.WovenPeer;
import org.junit.jupiter.api.Test;

/** What was woven suspends: without weaving, the check in here fails. */
final class KilimTest {
  @Test
  void itsBodiesStandStillWhereTheyYield() {
    assertDoesNotThrow(() -> WovenPeer.named("Kilim"));
  }
}
