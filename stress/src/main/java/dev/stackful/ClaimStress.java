package dev.stackful;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Who may run a coroutine, where two want to: one, and the other is refused. */
public class ClaimStress {
  private static final int REFUSED = -1;

  /** So many coroutines, or tries at one, have a state: it takes longer to make than they do. */
  private static final int MANY = 10;

  private ClaimStress() {}

  private static int resume(Coroutine<Integer, Integer> c, int value) {
    try {
      return c.resume(value);
    } catch (NotResumableException e) {
      return REFUSED;
    }
  }

  private static int close(Coroutine<Integer, Integer> c) {
    try {
      c.close();
      return 0;
    } catch (NotResumableException e) {
      return REFUSED;
    }
  }

  /** What comes out of all that extend {@link Claimed}. */
  @Outcome(id = "right", expect = Expect.ACCEPTABLE, desc = "One had it, and the claim is free.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "Both had it at once, or nobody, or it is lost.")
  static final class OneHasIt {
    private OneHasIt() {}
  }

  /** Coroutines at which two actors meet, one after the other. */
  abstract static class Claimed {
    /** Plain: whoever has the claim is alone with it. */
    final int[] turns = new int[MANY];

    private final List<Coroutine<Integer, Integer>> coroutines = new ArrayList<>();
    private final int[] one = new int[MANY];
    private final int[] another = new int[MANY];
    private final Meeting meeting = new Meeting();
    private final Set<String> right;

    /**
     * Makes them.
     *
     * @param right for each, what may come out for the one, for the other, how many turns it may
     *     have had, and what state it may be in at the end
     */
    Claimed(String... right) {
      this.right = Set.of(right);
      for (int i = 0; i < MANY; i++) {
        int index = i;
        coroutines.add(Coroutine.of((self, first) -> body(index, self, first)));
      }
    }

    abstract Integer body(int index, Yielder<Integer, Integer> self, Integer first);

    final void suspend() {
      coroutines.forEach(c -> resume(c, 0));
    }

    final void one(ToIntFunction<Coroutine<Integer, Integer>> action) {
      act(action, one);
    }

    final void another(ToIntFunction<Coroutine<Integer, Integer>> action) {
      act(action, another);
    }

    private void act(ToIntFunction<Coroutine<Integer, Integer>> action, int[] results) {
      for (int i = 0; i < MANY; i++) {
        meeting.arrive(i);
        results[i] = action.applyAsInt(coroutines.get(i));
      }
    }

    final String outcome() {
      for (int i = 0; i < MANY; i++) {
        String seen =
            one[i] + " " + another[i] + " " + turns[i] + " " + coroutines.get(i).state();
        if (!right.contains(seen)) {
          return seen;
        }
      }
      return "right";
    }
  }

  /** Two resume a new one, which then ends. */
  @JCStressTest
  @JCStressMeta(OneHasIt.class)
  @State
  public static class TwoStart extends Claimed {
    /** One has it run, the other is refused. */
    public TwoStart() {
      super("10 -1 1 DONE", "-1 20 1 DONE");
    }

    @Override
    Integer body(int index, Yielder<Integer, Integer> self, Integer first) {
      turns[index]++;
      return 10 * first;
    }

    /** Resumes them. */
    @Actor
    public void one() {
      one(c -> resume(c, 1));
    }

    /** Resumes them. */
    @Actor
    public void another() {
      another(c -> resume(c, 2));
    }

    /** Looks at them. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = outcome();
    }
  }

  /** Two resume a suspended one, again and again. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Each turn was had once, by one.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "Both at once, or a turn or the claim is lost.")
  @State
  public static class TwoResume {
    private final Coroutine<Integer, Integer> c = Coroutine.of(this::body);
    private int turns;

    /** Suspends it. */
    public TwoResume() {
      resume(c, 0);
    }

    private Integer body(Yielder<Integer, Integer> self, Integer first) {
      while (true) {
        self.yield(turns);
        turns++;
      }
    }

    /** The sum of the turns' numbers that it has had. */
    private int resumeOften() {
      int sum = 0;
      for (int i = 0; i < MANY * MANY; i++) {
        sum += Math.max(0, resume(c, 1));
      }
      return sum;
    }

    /** Resumes it. */
    @Actor
    public void one(II_Result result) {
      result.r1 = resumeOften();
    }

    /** Resumes it. */
    @Actor
    public void another(II_Result result) {
      result.r2 = resumeOften();
    }

    /** Compares with all that it has had, and unwinds it: the claim is free. */
    @Arbiter
    public void compare(II_Result result) {
      result.r1 += result.r2 - turns * (turns + 1) / 2;
      result.r2 = close(c);
    }
  }

  /** One closes a new coroutine, another resumes it. */
  @JCStressTest
  @JCStressMeta(OneHasIt.class)
  @State
  public static class CloseNew extends Claimed {
    /** It has run, and had ended then; or it ran meanwhile; or it never ran. */
    public CloseNew() {
      super("10 0 1 DONE", "10 -1 1 DONE", "-1 0 0 DONE");
    }

    @Override
    Integer body(int index, Yielder<Integer, Integer> self, Integer first) {
      turns[index]++;
      return 10 * first;
    }

    /** Resumes them. */
    @Actor
    public void one() {
      one(c -> resume(c, 1));
    }

    /** Closes them. */
    @Actor
    public void another() {
      another(ClaimStress::close);
    }

    /** Looks at them. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = outcome();
    }
  }

  /** Two unwind a suspended one, as a program and the reaper do where it is closed late. */
  @JCStressTest
  @JCStressMeta(OneHasIt.class)
  @State
  public static class TwoClose extends Claimed {
    /** It is unwound once. */
    public TwoClose() {
      super("0 0 1 DONE", "0 -1 1 DONE", "-1 0 1 DONE");
      suspend();
    }

    @Override
    Integer body(int index, Yielder<Integer, Integer> self, Integer first) {
      try {
        return self.yield(100);
      } finally {
        turns[index]++;
      }
    }

    /** Closes them. */
    @Actor
    public void one() {
      one(ClaimStress::close);
    }

    /** Closes them. */
    @Actor
    public void another() {
      another(ClaimStress::close);
    }

    /** Looks at them. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = outcome();
    }
  }

  /** Whoever only looks holds the claim for a moment: that must not refuse a resume. */
  @JCStressTest
  @JCStressMeta(OneHasIt.class)
  @State
  public static class NameWhileResumed extends Claimed {
    /** It was resumed. */
    public NameWhileResumed() {
      super("10 0 1 DONE");
      suspend();
    }

    @Override
    Integer body(int index, Yielder<Integer, Integer> self, Integer first) {
      Integer second = self.yield(100);
      turns[index]++;
      return 10 * second;
    }

    /** Resumes them to their ends. */
    @Actor
    public void one() {
      one(c -> resume(c, 1));
    }

    /** Asks for the names, which are then given to the threads. */
    @Actor
    public void another() {
      another(c -> c.name().isEmpty() ? REFUSED : 0);
    }

    /** Looks at them. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = outcome();
    }
  }
}
