package dev.stackful;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who may run a coroutine, where two want to: one, and the other is refused. */
public class ClaimStress {
  private static final int REFUSED = -1;

  private ClaimStress() {}

  abstract static class Claimed {
    final Coroutine<Integer, Integer> c = Coroutine.of(this::body);

    /** Plain: whoever has the claim is alone with it. */
    int turns;

    abstract Integer body(Yielder<Integer, Integer> self, Integer first);

    final int resume(int value) {
      try {
        return c.resume(value);
      } catch (NotResumableException e) {
        return REFUSED;
      }
    }

    final int close() {
      try {
        c.close();
        return 0;
      } catch (NotResumableException e) {
        return REFUSED;
      }
    }
  }

  /** Two resume a new one, which then ends. */
  @JCStressTest
  @Outcome(
      id = {"10, -1, 1", "-1, 20, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "One has it run, the other is refused.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "It ran twice, or not at all.")
  @State
  public static class TwoStart extends Claimed {
    @Override
    Integer body(Yielder<Integer, Integer> self, Integer first) {
      turns++;
      return 10 * first;
    }

    /** Resumes it. */
    @Actor
    public void one(III_Result result) {
      result.r1 = resume(1);
    }

    /** Resumes it. */
    @Actor
    public void another(III_Result result) {
      result.r2 = resume(2);
    }

    /** Counts. */
    @Arbiter
    public void turns(III_Result result) {
      result.r3 = turns;
    }
  }

  /** Two resume a suspended one. */
  @JCStressTest
  @Outcome(
      id = {"101, 102, 2", "102, 101, 2", "101, -1, 1", "-1, 101, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "One after the other, or the other is refused.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "Both at once, or a turn is lost.")
  @State
  public static class TwoResume extends Claimed {
    /** Suspends it. */
    public TwoResume() {
      resume(0);
    }

    @Override
    Integer body(Yielder<Integer, Integer> self, Integer first) {
      self.yield(100);
      while (true) {
        turns++;
        self.yield(100 + turns);
      }
    }

    /** Resumes it. */
    @Actor
    public void one(III_Result result) {
      result.r1 = resume(1);
    }

    /** Resumes it. */
    @Actor
    public void another(III_Result result) {
      result.r2 = resume(1);
    }

    /** Counts, and unwinds it. */
    @Arbiter
    public void turns(III_Result result) {
      result.r3 = turns;
      close();
    }
  }

  /** One closes a new coroutine, another resumes it. */
  @JCStressTest
  @Outcome(id = "10, 0", expect = Expect.ACCEPTABLE, desc = "It has run, and had ended then.")
  @Outcome(id = "10, -1", expect = Expect.ACCEPTABLE, desc = "It ran meanwhile.")
  @Outcome(id = "-1, 0", expect = Expect.ACCEPTABLE, desc = "It never ran.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "Both were refused.")
  @State
  public static class CloseNew extends Claimed {
    @Override
    Integer body(Yielder<Integer, Integer> self, Integer first) {
      return 10 * first;
    }

    /** Resumes it. */
    @Actor
    public void one(II_Result result) {
      result.r1 = resume(1);
    }

    /** Closes it. */
    @Actor
    public void another(II_Result result) {
      result.r2 = close();
    }
  }

  /** Two unwind a suspended one, as a program and the reaper do where it is closed late. */
  @JCStressTest
  @Outcome(
      id = {"0, 0, 1", "0, -1, 1", "-1, 0, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "It is unwound once.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "It is unwound twice, or not at all.")
  @State
  public static class TwoClose extends Claimed {
    /** Suspends it. */
    public TwoClose() {
      resume(0);
    }

    @Override
    Integer body(Yielder<Integer, Integer> self, Integer first) {
      try {
        return self.yield(100);
      } finally {
        turns++;
      }
    }

    /** Closes it. */
    @Actor
    public void one(III_Result result) {
      result.r1 = close();
    }

    /** Closes it. */
    @Actor
    public void another(III_Result result) {
      result.r2 = close();
    }

    /** Counts. */
    @Arbiter
    public void turns(III_Result result) {
      result.r3 = turns;
    }
  }

  /** Whoever only looks holds the claim for a moment: that must not refuse a resume. */
  @JCStressTest
  @Outcome(id = "101, 1", expect = Expect.ACCEPTABLE, desc = "It was resumed.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "It was refused, though nobody had resumed it.")
  @State
  public static class NameWhileResumed extends Claimed {
    /** Suspends it. */
    public NameWhileResumed() {
      resume(0);
    }

    @Override
    Integer body(Yielder<Integer, Integer> self, Integer first) {
      self.yield(100);
      turns++;
      return 100 + turns;
    }

    /** Resumes it to its end. */
    @Actor
    public void one(II_Result result) {
      result.r1 = resume(1);
    }

    /** Asks for the name, which is then given to the thread. */
    @Actor
    public void another() {
      if (c.name().isEmpty()) {
        throw new AssertionError();
      }
    }

    /** Counts. */
    @Arbiter
    public void turns(II_Result result) {
      result.r2 = turns;
    }
  }
}
