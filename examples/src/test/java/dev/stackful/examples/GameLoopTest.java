package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GameLoopTest {
  @Test
  void aSeedGivesTheSameGame() throws Exception {
    assertEquals(
        """
        frame 60: 21 alarms, caught 0 times
        frame 120: 27 alarms, caught 1 times
        frame 150: 35 alarms, caught 1 times
        500 actors, checksum 445e154b03cd3704
        """,
        Printed.by(GameLoop::main, "500", "150", "7"));
  }

  @Test
  void anotherSeedGivesAnother() throws Exception {
    assertNotEquals(
        Printed.by(GameLoop::main, "50", "20", "1"), Printed.by(GameLoop::main, "50", "20", "2"));
  }

  @Test
  @Tag("native-speed")
  void tenThousandActorsPlay() throws Exception {
    assertEquals(
        """
        frame 20: 90 alarms, caught 3 times
        10,000 actors, checksum 7bdff35a3ef28e96
        """,
        Printed.by(GameLoop::main, "10000", "20"));
  }
}
