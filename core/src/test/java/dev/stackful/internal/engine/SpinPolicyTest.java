package dev.stackful.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a side of a handoff spins, and when it parks at once. */
class SpinPolicyTest {
  private static final Thread PLATFORM = Thread.ofPlatform().unstarted(() -> {});
  private static final Thread VIRTUAL = Thread.ofVirtual().unstarted(() -> {});
  private static final int MANY = 100_000;

  private final SpinPolicy.Experience experience = new SpinPolicy.Experience();

  @BeforeEach
  void twoProcessors() {
    assumeTrue(Settings.spins(), "one processor, or told not to spin");
  }

  /** So many of {@link #MANY} waits begin by spinning, and end as is said. */
  private static int spinsOf(SpinPolicy policy, boolean paying) {
    int spins = 0;
    for (int i = 0; i < MANY; i++) {
      if (policy.spins(PLATFORM, PLATFORM)) {
        spins++;
        if (paying) {
          policy.paid();
        } else {
          policy.wasInVain();
        }
      }
    }
    return spins;
  }

  @Test
  void spinsAlwaysWhereItPays() {
    assertEquals(MANY, spinsOf(new SpinPolicy(experience), true));
  }

  @Test
  void spinsOnceInAThousandWaitsWhereItIsInVain() {
    int spins = spinsOf(new SpinPolicy(experience), false);

    assertTrue(spins < MANY / 1_000 + 20, () -> spins + " times");
    assertTrue(spins > MANY / 2_000, () -> spins + " times: it must go on trying");
  }

  @Test
  void spinsAgainWhereItHasComeToPay() {
    SpinPolicy policy = new SpinPolicy(experience);
    spinsOf(policy, false);
    spinsOf(policy, true);

    assertEquals(MANY, spinsOf(policy, true));
  }

  @Test
  void newSidesBeginWithWhatOthersHaveLearned() {
    spinsOf(new SpinPolicy(experience), false);
    int spinning = 0;
    for (int i = 0; i < 10_000; i++) {
      if (new SpinPolicy(experience).spins(PLATFORM, PLATFORM)) {
        spinning++;
      }
    }
    int first = spinning;

    assertTrue(first < 100, () -> first + " of 10,000 spin in their first wait");
  }

  @Test
  void virtualThreadsThatSpinForEachOtherGiveTheirCarriersToOthersNowAndThen() {
    SpinPolicy policy = new SpinPolicy(experience);
    int parks = 0;
    for (int i = 0; i < MANY; i++) {
      if (policy.spins(VIRTUAL, PLATFORM)) {
        policy.paid();
      } else {
        parks++;
      }
    }

    assertEquals(MANY / 1_024, parks);
  }
}
