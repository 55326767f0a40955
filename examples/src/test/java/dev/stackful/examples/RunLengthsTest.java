package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RunLengthsTest {
  @Test
  void theTwoTogetherGiveKnuthsGroups() throws Exception {
    assertEquals(
        "ABB BEE EEE E44 446 66F GZY W22 220 0PQ 999 999 999 R.\n", Printed.by(RunLengths::main));
  }

  @Test
  void whatFollowsTheFullStopIsNotRead() throws Exception {
    assertEquals("aaa .\n", Printed.by(RunLengths::main, "2a.9z"));
    assertEquals(".\n", Printed.by(RunLengths::main, "3."));
  }
}
