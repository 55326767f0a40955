package dev.stackful;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two threads that resume one coroutine in turn, on the engines where the baton goes from thread to thread, and
 * on NATIVE beside: each turn sees the one before, in plain fields, and none is lost. A baton that nobody
 * noticed would be a hang.
 */
public class HandoffStress {
  private HandoffStress() {}

  /** What comes out, on each engine. */
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Each turn once.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "A turn is lost, or was had twice.")
  static final class EachTurnOnce {
    private EachTurnOnce() {}
  }

  abstract static class Shared {
    private final Coroutine<Integer, Integer> c;
    private final int turnsOfEach;
    private int turns;

    /**
     * Starts it.
     *
     * @param turnsOfEach how many turns each of the two gives it: more where they take less time
     */
    Shared(Engine engine, int turnsOfEach) {
      this.turnsOfEach = turnsOfEach;
      c = Coroutine.builder().engine(engine).build(this::body);
      c.resume(0);
    }

    private Integer body(Yielder<Integer, Integer> self, Integer first) {
      Integer value = first;
      while (true) {
        value = self.yield(value + turns);
        turns++;
      }
    }

    /** The sum of the turns' numbers that it has had. */
    final int resume() {
      int sum = 0;
      int done = 0;
      while (done < turnsOfEach) {
        try {
          sum += c.resume(1_000_000) - 1_000_000;
          done++;
        } catch (NotResumableException e) {
          Thread.onSpinWait(); // the other has it
        }
      }
      return sum;
    }

    /** Compares: together they have had each turn, whoever had which. */
    final void end(II_Result result) {
      result.r1 += result.r2 - turns * (turns + 1) / 2;
      result.r2 = turns - 2 * turnsOfEach;
      c.close();
    }
  }

  /** On threads of the operating system's. */
  @JCStressTest
  @JCStressMeta(EachTurnOnce.class)
  @State
  public static class PlatformThread extends Shared {
    /** Starts it. */
    public PlatformThread() {
      super(Engine.PLATFORM_THREAD, 20);
    }

    /** Resumes it. */
    @Actor
    public void one(II_Result result) {
      result.r1 = resume();
    }

    /** Resumes it. */
    @Actor
    public void another(II_Result result) {
      result.r2 = resume();
    }

    /** Sums up. */
    @Arbiter
    public void sum(II_Result result) {
      end(result);
    }
  }

  /** On virtual threads. */
  @JCStressTest
  @JCStressMeta(EachTurnOnce.class)
  @State
  public static class VirtualThread extends Shared {
    /** Starts it. */
    public VirtualThread() {
      super(Engine.VIRTUAL_THREAD, 100);
    }

    /** Resumes it. */
    @Actor
    public void one(II_Result result) {
      result.r1 = resume();
    }

    /** Resumes it. */
    @Actor
    public void another(II_Result result) {
      result.r2 = resume();
    }

    /** Sums up. */
    @Arbiter
    public void sum(II_Result result) {
      end(result);
    }
  }

  /** By a context switch. */
  @JCStressTest
  @JCStressMeta(EachTurnOnce.class)
  @State
  public static class Native extends Shared {
    /** Starts it. */
    public Native() {
      super(Engine.NATIVE, 500);
    }

    /** Resumes it. */
    @Actor
    public void one(II_Result result) {
      result.r1 = resume();
    }

    /** Resumes it. */
    @Actor
    public void another(II_Result result) {
      result.r2 = resume();
    }

    /** Sums up. */
    @Arbiter
    public void sum(II_Result result) {
      end(result);
    }
  }
}
