package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallCentreTest {
  @Test
  void theIntervalsCoverTheTheory() throws Exception {
    assertEquals(
        """
        100 calls an hour of 4 minutes; 20 days of 2,400 calls, after 500 to warm up
        agents   busy   mean wait, s: theory   simulated, 95 %
             8   83 %                   95.9     96.4 ± 14.8 covers it
             9   74 %                   32.2     34.3 ±  6.2 covers it
            10   67 %                   12.6     13.4 ±  2.4 covers it
        """,
        Printed.by(CallCentre::main));
  }

  /** By the formula as it is written, with its factorials. */
  @ParameterizedTest
  @ValueSource(ints = {7, 8, 9, 10, 15})
  void theTheoryIsErlangsFormula(int agents) {
    double load = 100 * 4.0 / 60;
    double term = 1; // load^k / k!
    double sum = 0;
    for (int k = 0; k < agents; k++) {
      sum += term;
      term *= load / (k + 1);
    }
    double allBusy = term / (1 - load / agents);
    double waiting = allBusy / (allBusy + sum);
    double seconds = waiting / (agents * 15 - 100) * 3_600;
    assertEquals(seconds, CallCentre.theoreticalWait(agents), 1e-9 * seconds);
  }

  /** The seeds are the first ones, not chosen. */
  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5})
  @Tag("native-speed")
  void soDoOtherSeeds(long seed) {
    CallCentre.Estimate simulated = CallCentre.simulatedWait(9, seed);
    assertTrue(simulated.covers(CallCentre.theoreticalWait(9)), simulated::toString);
  }
}
