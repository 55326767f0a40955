package dev.stackful.internal.engine;

import dev.stackful.Engine;
import dev.stackful.internal.context.StackContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Stacks that are taken and given back at once: none is had by two, none is lost, whatever the order.
 * The threads of these stacks have not been started.
 */
public class StackPoolStress {
  private static final int MOST = 3;

  static {
    Engine _ = Engine.NATIVE.requireAvailable(); // which makes the start-up checks
  }

  private static final NativeEngine ENGINE = NativeEngine.instance();

  /** Of all of them, as none is entered: thousands of states are made at a time. */
  private static final StackContext CONTEXT = StackContext.allocate(0);

  /** Those of states that are over. A stack is its own place in a list, so it is in one pool. */
  private static final Queue<List<NativeStack>> UNUSED = new ConcurrentLinkedQueue<>();

  private StackPoolStress() {}

  private static List<NativeStack> stacks() {
    List<NativeStack> known = UNUSED.poll();
    if (known != null) {
      return known;
    }
    List<NativeStack> made = new ArrayList<>();
    NativeStackPool pool = new NativeStackPool(ENGINE, 64 * 1024);
    for (int i = 0; i < MOST; i++) {
      NativeStack stack = new NativeStack(pool, CONTEXT, ENGINE.takeIndex());
      ENGINE.enter(stack);
      made.add(stack);
    }
    return made;
  }

  abstract static class Pool {
    final NativeStackPool pool = new NativeStackPool(ENGINE, 64 * 1024);
    final List<NativeStack> stacks = stacks();
    final List<NativeStack> one = new ArrayList<>();
    final List<NativeStack> another = new ArrayList<>();

    Pool(int filled) {
      stacks.subList(0, filled).forEach(this::give);
    }

    final void give(NativeStack stack) {
      pool.give(stack);
    }

    final NativeStack take(List<NativeStack> taken) {
      NativeStack stack = pool.poll();
      if (stack != null) {
        taken.add(stack);
      }
      return stack;
    }

    /** All there are: those that were taken and not given back, and those in the pool. */
    final String all() {
      List<Integer> places = new ArrayList<>();
      one.forEach(stack -> places.add(stacks.indexOf(stack)));
      another.forEach(stack -> places.add(stacks.indexOf(stack)));
      NativeStack left = pool.poll();
      while (left != null && places.size() < 10) {
        places.add(stacks.indexOf(left));
        left = pool.poll();
      }
      Collections.sort(places);
      UNUSED.add(stacks);
      return places.toString();
    }
  }

  /** Two that take one each of two. */
  @JCStressTest
  @Outcome(id = "\\[0, 1\\]", expect = Expect.ACCEPTABLE, desc = "Each is had once.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "One is had twice, or lost.")
  @State
  public static class TwoTake extends Pool {
    /** A pool of two. */
    public TwoTake() {
      super(2);
    }

    /** Takes one. */
    @Actor
    public void one() {
      take(one);
    }

    /** Takes one. */
    @Actor
    public void another() {
      take(another);
    }

    /** Counts them. */
    @Arbiter
    public void count(L_Result result) {
      result.r1 = all();
    }
  }

  /** The pattern of the ABA problem: the top is taken and given back while another takes it. */
  @JCStressTest
  @Outcome(id = "\\[0, 1, 2\\]", expect = Expect.ACCEPTABLE, desc = "Each is had once.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "One is had twice, or lost.")
  @State
  public static class TopComesBack extends Pool {
    /** A pool of three. */
    public TopComesBack() {
      super(3);
    }

    /** Takes two, and gives back the first. */
    @Actor
    public void one() {
      NativeStack first = take(one);
      take(one);
      if (first != null && one.remove(first)) {
        give(first);
      }
    }

    /** Takes one. */
    @Actor
    public void another() {
      take(another);
    }

    /** Counts them. */
    @Arbiter
    public void count(L_Result result) {
      result.r1 = all();
    }
  }

  /** Two that take and give back. */
  @JCStressTest
  @Outcome(id = "\\[0\\]", expect = Expect.ACCEPTABLE, desc = "It is there once.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "It is there twice, or lost.")
  @State
  public static class TwoUseOne extends Pool {
    /** A pool of one. */
    public TwoUseOne() {
      super(1);
    }

    private void use(List<NativeStack> taken) {
      NativeStack stack = take(taken);
      if (stack != null) {
        taken.clear();
        give(stack);
      }
    }

    /** Uses it. */
    @Actor
    public void one() {
      use(one);
    }

    /** Uses it. */
    @Actor
    public void another() {
      use(another);
    }

    /** Counts it. */
    @Arbiter
    public void count(L_Result result) {
      result.r1 = all();
    }
  }
}
