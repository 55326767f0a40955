package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Actors, a pipeline, and runtimes on many threads, each a page of code. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FibersExamplesTest {
  @Test
  void anActorThatFailsIsStartedAgainAndItsMailboxIsKept() throws Exception {
    assertEquals(
        """
        Ann has 100
        the fiber account threw java.lang.IllegalArgumentException: a deposit of -1: it is started again
        Ann has 7
        """,
        Printed.by(SupervisedActors::main));
  }

  @Test
  void aPipelinesSourceDoesNotRunAhead() throws Exception {
    assertEquals(
        """
        20 pages, the last is page 20
        took PT2.1S with three at a time
        the source was never more than 5 ahead
        """,
        Printed.by(Pipeline::main, "20"));
  }

  @Test
  void runtimesOnManyThreadsCountPrimes() throws Exception {
    assertEquals("9592 primes up to 100000\n", Printed.by(ManyRuntimes::main, "100000"));
    assertEquals(1_229, ManyRuntimes.countPrimes(10_000, 5));
  }
}
