package dev.stackful.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is waited for at a limit. */
class ReclamationTest {
  @Test
  void whatIsGivenBackMeanwhileIsTaken() {
    int[] attempts = {0};

    assertEquals("given", new Reclamation().until(() -> ++attempts[0] == 3 ? "given" : null));
  }

  @Test
  void whoWasInterruptedWaitsAsLongAndIsInterruptedStill() {
    Thread.currentThread().interrupt();
    long start = System.nanoTime();

    assertNull(new Reclamation().until(() -> null));

    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(Thread.interrupted());
    assertTrue(millis >= 500, millis + " ms");
  }
}
