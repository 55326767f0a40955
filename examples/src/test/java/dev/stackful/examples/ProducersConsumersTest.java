package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProducersConsumersTest {
  @Test
  void everyLoafIsBakedPackedAndDeliveredAndAllGoHome() throws Exception {
    assertEquals(
        """
        0:03 wheat 1 is on the shelf
        0:03 Ann packs wheat 1
        0:06 wheat 2 is on the shelf
        0:06 Bob packs wheat 2
        0:09 rye 1 is on the shelf
        0:09 wheat 3 is on the shelf
        0:09 Ann packs rye 1
        0:12 the courier has delivered wheat 1
        0:12 wheat 4 is on the shelf
        0:12 Bob packs wheat 3
        0:15 wheat 5 is on the shelf
        0:16 the courier has delivered wheat 2
        0:16 Ann packs wheat 4
        0:18 rye 2 is on the shelf
        0:18 no room for wheat 6
        0:20 the courier has delivered rye 1
        0:20 Bob packs wheat 5
        0:20 wheat 6 is on the shelf
        0:24 the courier has delivered wheat 3
        0:24 the courier says: Where is my bread? Soon!
        0:24 Ann packs rye 2
        0:27 rye 3 is on the shelf
        0:28 the courier has delivered wheat 4
        0:28 Bob packs wheat 6
        0:32 the courier has delivered wheat 5
        0:32 Ann packs rye 3
        0:36 rye 4 is on the shelf
        0:36 the courier has delivered rye 2
        0:36 Bob packs rye 4
        0:40 the courier has delivered wheat 6
        0:40 Ann goes home
        0:44 the courier has delivered rye 3
        0:44 Bob goes home
        0:48 the courier has delivered rye 4
        0:58 the courier yawns
        1:04 the courier says: Any cake? Soon!
        """,
        Printed.by(ProducersConsumers::main));
  }
}
