package dev.stackful.internal.os;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Each holder of the lock sees all that the one before has done, in plain fields. */
@JCStressTest
@Outcome(
    id = {"0, 1, 2", "1, 0, 2"},
    expect = Expect.ACCEPTABLE,
    desc = "One after the other.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both at once, or the second has not seen the first.")
@State
public class SpinLockStress {
  private final SpinLock lock = new SpinLock();
  private int times;
  private int timesAgain;

  /** One holder. */
  @Actor
  public void one(III_Result result) {
    result.r1 = count();
  }

  /** Another. */
  @Actor
  public void another(III_Result result) {
    result.r2 = count();
  }

  private int count() {
    lock.lock();
    int before = times;
    times = before + 1;
    timesAgain++;
    lock.held = SpinLock.FREE;
    return before;
  }

  /** What is left. */
  @Arbiter
  public void sum(III_Result result) {
    result.r3 = times == timesAgain ? times : -1;
  }
}
