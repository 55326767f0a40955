package dev.stackful;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two threads that resume one coroutine in turn, on the engines where the baton goes from thread to thread, and
 * on NATIVE beside: each turn sees the one before, in plain fields, and none is lost. A baton that nobody
 * noticed would be a hang.
 */
public class HandoffStress {
  private static final int TURNS = 3;

  private HandoffStress() {}

  abstract static class Shared {
    private final Coroutine<Integer, Integer> c;
    private int turns;

    Shared(Engine engine) {
      c = Coroutine.builder().engine(engine).build(this::body);
      c.resume(0);
    }

    private Integer body(Yielder<Integer, Integer> self, Integer first) {
      Integer value = first;
      while (true) {
        turns++;
        value = self.yield(value + turns);
      }
    }

    /** The sum of what came back beyond what went in: three of the numbers from two to seven. */
    final int resume() {
      int sum = 0;
      int done = 0;
      while (done < TURNS) {
        try {
          sum += c.resume(1_000) - 1_000;
          done++;
        } catch (NotResumableException e) {
          Thread.onSpinWait(); // the other has it
        }
      }
      return sum;
    }

    final void end(III_Result result) {
      result.r3 = turns;
      // Together they are all of them, whoever had which.
      result.r1 = result.r1 + result.r2;
      result.r2 = 0;
      c.close();
    }
  }

  /** On threads of the operating system's. */
  @JCStressTest
  @Outcome(id = "27, 0, 7", expect = Expect.ACCEPTABLE, desc = "Each turn once.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "A turn is lost, or was had twice.")
  @State
  public static class PlatformThread extends Shared {
    /** Starts it. */
    public PlatformThread() {
      super(Engine.PLATFORM_THREAD);
    }

    /** Resumes it. */
    @Actor
    public void one(III_Result result) {
      result.r1 = resume();
    }

    /** Resumes it. */
    @Actor
    public void another(III_Result result) {
      result.r2 = resume();
    }

    /** Sums up. */
    @Arbiter
    public void sum(III_Result result) {
      end(result);
    }
  }

  /** On virtual threads. */
  @JCStressTest
  @Outcome(id = "27, 0, 7", expect = Expect.ACCEPTABLE, desc = "Each turn once.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "A turn is lost, or was had twice.")
  @State
  public static class VirtualThread extends Shared {
    /** Starts it. */
    public VirtualThread() {
      super(Engine.VIRTUAL_THREAD);
    }

    /** Resumes it. */
    @Actor
    public void one(III_Result result) {
      result.r1 = resume();
    }

    /** Resumes it. */
    @Actor
    public void another(III_Result result) {
      result.r2 = resume();
    }

    /** Sums up. */
    @Arbiter
    public void sum(III_Result result) {
      end(result);
    }
  }

  /** By a context switch. */
  @JCStressTest
  @Outcome(id = "27, 0, 7", expect = Expect.ACCEPTABLE, desc = "Each turn once.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "A turn is lost, or was had twice.")
  @State
  public static class Native extends Shared {
    /** Starts it. */
    public Native() {
      super(Engine.NATIVE);
    }

    /** Resumes it. */
    @Actor
    public void one(III_Result result) {
      result.r1 = resume();
    }

    /** Resumes it. */
    @Actor
    public void another(III_Result result) {
      result.r2 = resume();
    }

    /** Sums up. */
    @Arbiter
    public void sum(III_Result result) {
      end(result);
    }
  }
}
