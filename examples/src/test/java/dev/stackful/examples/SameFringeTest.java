package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SameFringeTest {
  @Test
  void walksTwoTreesInStepUpToTheFirstDifference() throws Exception {
    assertEquals(
        """
        ((a b) c) and (a (b c))
          at leaf a
          at leaf a
          at leaf b
          at leaf b
          at leaf c
          at leaf c
        same
        ((a b) c) and (a (x c))
          at leaf a
          at leaf a
          at leaf b
          at leaf x
        different
        """,
        Printed.by(SameFringe::main));
  }
}
