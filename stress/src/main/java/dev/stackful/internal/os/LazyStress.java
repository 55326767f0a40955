package dev.stackful.internal.os;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The value is made once, after an attempt that failed, and whoever gets it sees all of it. */
@JCStressTest
@Outcome(
    id = {"-1, 7, 2", "7, -1, 2"},
    expect = Expect.ACCEPTABLE,
    desc = "One attempt fails, at whoever made it; the next one succeeds.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Made more often, or seen in part.")
@State
public class LazyStress {
  private static final class Made {
    private int number;
  }

  private final AtomicInteger attempts = new AtomicInteger();

  private final Lazy<Made> lazy =
      new Lazy<>() {
        @Override
        protected Made make() {
          if (attempts.getAndIncrement() == 0) {
            throw new IllegalStateException("the first attempt fails");
          }
          Made made = new Made();
          made.number = 7;
          return made;
        }
      };

  /** One that asks. */
  @Actor
  public void one(III_Result result) {
    result.r1 = number();
  }

  /** Another. */
  @Actor
  public void another(III_Result result) {
    result.r2 = number();
  }

  private int number() {
    try {
      return lazy.get().number;
    } catch (IllegalStateException e) {
      return -1;
    }
  }

  /** How often it was tried. */
  @Arbiter
  public void attempts(III_Result result) {

    result.r3 = attempts.get();
  }
}
