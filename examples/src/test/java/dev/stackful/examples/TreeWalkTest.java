package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TreeWalkTest {
  @Test
  void printsTheValuesInOrder() throws Exception {
    assertEquals("10\n20\n25\n30\n50\n70\n80\n90\n", Printed.by(TreeWalk::main));
  }

  @Test
  void sortsItsArguments() throws Exception {
    assertEquals("-3\n1\n1\n2\n", Printed.by(TreeWalk::main, "2", "1", "-3", "1"));
  }
}
