package dev.stackful.internal.os;

import dev.stackful.Meeting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A value is made once, by the first attempt or after one that failed, and whoever gets it sees all of
 * it. Each of the two asks until it gets one, so that one may make it while the other still fails.
 */
@JCStressTest
@Outcome(
    id = "0, 0, 0",
    expect = Expect.ACCEPTABLE,
    desc = "The first attempt that does not fail is the last, for both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Made more often, or seen in part.")
@State
public class LazyStress {
  private static final int MANY = 10;

  private static final class Made {
    private int attempt;
  }

  private static final class Attempted extends Lazy<Made> {
    private final AtomicInteger attempts = new AtomicInteger();
    private final int needed;

    Attempted(int needed) {
      this.needed = needed;
    }

    @Override
    protected Made make() {
      int attempt = attempts.incrementAndGet();
      if (attempt < needed) {
        throw new IllegalStateException("the first attempt fails");
      }
      Made made = new Made();
      made.attempt = attempt;
      return made;
    }
  }

  private final List<Attempted> values = new ArrayList<>();
  private final Meeting meeting = new Meeting();

  /** None is made. */
  public LazyStress() {
    for (int i = 0; i < MANY; i++) {
      values.add(new Attempted(1 + i % 2));
    }
  }

  /** One that asks. */
  @Actor
  public void one(III_Result result) {
    result.r1 = inVain();
  }

  /** Another. */
  @Actor
  public void another(III_Result result) {
    result.r2 = inVain();
  }

  /** How many attempts too many the values were made by that it got. */
  private int inVain() {
    int sum = 0;
    for (int i = 0; i < MANY; i++) {
      meeting.arrive(i);
      sum += attempt(values.get(i)) - values.get(i).needed;
    }
    return sum;
  }

  private static int attempt(Attempted value) {
    while (true) {
      try {
        return value.get().attempt;
      } catch (IllegalStateException e) {
        // once, in all
      }
    }
  }

  /** How often it was tried besides. */
  @Arbiter
  public void attempts(III_Result result) {
    result.r3 = values.stream().mapToInt(value -> value.attempts.get() - value.needed).sum();
  }
}
