package dev.stackful.observers;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Yielder;
import dev.stackful.internal.context.ContextSwitch;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Overflows a stack right after a switch back to it. While the other side has its turn, the
 * library's classes are redefined; so compiled code that was about to return is given up, and what
 * follows is interpreted, for which the stack is too small. The program and the agent are one.
 *
 * <p>A stack is descended three times at least: to let the code be compiled, to see how deep a
 * switch works, and with the classes redefined in the last one that does.
 */
@SuppressWarnings("InfiniteRecursion") // overflowing is the point
public final class OverflowAfterSwitch {
  private static final long STACK_BYTES = 256 * 1024;

  /** How far above the deepest switch the classes are redefined. */
  private static final long WINDOW_BYTES = 500;

  /** Where the deepest was the last time, so far above it switches begin. */
  private static final long DEEP_BYTES = 8 * 1024;

  /** Descents whose code is compiled, then. */
  private static final int WARM_UP = 100;

  /** Those, after which what was redefined is compiled again. */
  private static final int REWARMINGS = 15;

  /** The alignments of the stack's end that are tried. */
  private static final int SHIFTS = 97;

  private static @Nullable Instrumentation instrumentation;
  private static long redefinitions;
  private static int failures;

  /** Where the descent began; bodies' stacks are at several places. */
  private static long top;

  /** How far below that the deepest switch was, in the last descent that had one. */
  private static long deepest;

  /** How far below it was in this descent; 0 as long as there is none. */
  private static long reached;

  /** Below this there are switches. */
  private static long floor;

  /** Below this, the classes are redefined. */
  private static long limit;

  /** Whether a switch in which they are has not come back yet. */
  private static boolean underway;

  private OverflowAfterSwitch() {}

  /** Called by the JVM. */
  public static void premain(String argument, Instrumentation given) {
    instrumentation = given;
  }

  /** What is done at each level, and what must be so after the overflow. */
  private interface Scenario {
    void step();

    void check(int round);
  }

  /** Runs it; the arguments are how often, and the engine. */
  public static void main(String[] arguments) throws Exception {
    int times = Integer.parseInt(arguments[0]);
    Engine engine = Engine.valueOf(arguments[1]);
    onSmallStack("in resume", () -> overflows(times, resumed(engine)));
    onSmallStack("in resume, and another comes back", () -> overflows(times, transferred(engine)));
    onSmallStack("in close", () -> overflows(times, closed(engine)));
    if (engine != Engine.VIRTUAL_THREAD) { // where a recursion that yields has no end
      onSmallStack("in yield", () -> bodyOverflows(times, engine));
    }
    if (failures > 0) {
      throw new AssertionError(failures + " failed");
    }
  }

  private static void onSmallStack(String what, Runnable run) throws InterruptedException {
    redefinitions = 0;
    Throwable[] thrown = {null};
    Thread thread = new Thread(null, run, "small stack", STACK_BYTES);
    thread.setUncaughtExceptionHandler((_, t) -> thrown[0] = t);
    thread.start();
    thread.join();
    if (thrown[0] == null && redefinitions == 0) {
      thrown[0] = new AssertionError("nothing was redefined");
    }
    if (thrown[0] != null) {
      failures++;
      System.out.println(what + " FAILED");
      thrown[0].printStackTrace(System.out);
    } else {
      System.out.println(what + ": redefined " + redefinitions + " times");
    }
  }

  // ---- the resumer's stack ------------------------------------------------------------------

  private static void overflows(int times, Scenario scenario) {
    limit = Long.MAX_VALUE;
    floor = 0;
    for (int i = 0; i < WARM_UP; i++) {
      overflow(i, scenario);
    }
    for (int i = 0; i < times; i++) {
      limit = Long.MAX_VALUE;
      for (int j = 0; j < REWARMINGS; j++) {
        overflow(i, scenario);
      }
      limit = deepest - WINDOW_BYTES;
      overflow(i, scenario);
    }
  }

  private static void overflow(int round, Scenario scenario) {
    underway = false;
    reached = 0;
    top = ContextSwitch.stackPointer();
    try {
      pad(1 + round % SHIFTS, 1, 2, 3, scenario);
    } catch (StackOverflowError e) {
      // as it must
    }
    underway = false;
    adjustFloor();
    scenario.check(round);
  }

  /**
   * Where no switch had room, because a stack has to be started or the library is interpreted, they
   * begin higher the next time: or none would ever work again.
   */
  private static void adjustFloor() {
    if (reached == 0) {
      floor -= DEEP_BYTES;
    } else {
      deepest = reached;
      floor = deepest - DEEP_BYTES;
    }
  }

  private static long pad(int more, long a, long b, long c, Scenario scenario) {
    if (more > 1) {
      return a + pad(more - 1, b, c, a, scenario);
    }
    descend(scenario);
    return b + c;
  }

  private static void descend(Scenario scenario) {
    long here = depth();
    if (here > floor) {
      scenario.step();
      underway = false;
      reached = here;
    }
    descend(scenario);
  }

  /** Called on the other side of a switch. */
  private static void redefineIfDeep(long where) {
    if (where > limit && !underway) {
      underway = true;
      redefine();
    }
  }

  private static Scenario resumed(Engine engine) {
    Coroutine<Object, Integer> c = build(engine, OverflowAfterSwitch::count);
    return new Scenario() {
      private int last;

      @Override
      public void step() {
        last = c.resume(depth());
      }

      @Override
      public void check(int round) {
        mustBe(Coroutine.State.SUSPENDED, c, round);
        int next = c.resume(0L);
        if (next != last + 1 && next != last + 2) { // one value may be lost
          throw new AssertionError(next + " after " + last);
        }
        last = next;
      }
    };
  }

  /** What comes back is another coroutine than the one that was entered. */
  private static Scenario transferred(Engine engine) {
    Coroutine<Object, Integer> second = build(engine, OverflowAfterSwitch::count);
    Coroutine<Object, Integer> first =
        build(
            engine,
            (self, value) -> {
              Object in = value;
              while (true) {
                in = self.transferTo(second, in);
              }
            });
    return new Scenario() {
      @Override
      public void step() {
        first.resume(depth());
      }

      @Override
      public void check(int round) {
        mustBe(Coroutine.State.SUSPENDED, first, round);
        mustBe(Coroutine.State.SUSPENDED, second, round);
      }
    };
  }

  private static int count(Yielder<Object, Integer> self, Object first) {
    Object in = first;
    for (int count = 1; ; count++) {
      redefineIfDeep((long) in);
      in = self.yield(count);
    }
  }

  /** What comes back has ended. */
  private static Scenario closed(Engine engine) {
    return new Scenario() {
      private @Nullable Coroutine<Object, Integer> current;
      private long where;
      private int unwound;
      private int begun;

      @Override
      public void step() {
        Coroutine<Object, Integer> c =
            build(
                engine,
                (self, first) -> {
                  begun++;
                  try {
                    return 1 + (int) self.yield(0);
                  } finally {
                    unwound++;
                    redefineIfDeep(where);
                  }
                });
        current = c;
        c.resume("");
        where = depth();
        c.close();
      }

      @Override
      public void check(int round) {
        where = 0;
        current.close();
        mustBe(Coroutine.State.DONE, current, round);
        if (unwound != begun) {
          throw new AssertionError(unwound + " of " + begun + " bodies were unwound");
        }
      }
    };
  }

  // ---- the body's stack ---------------------------------------------------------------------

  private static void bodyOverflows(int times, Engine engine) {
    limit = Long.MAX_VALUE;
    floor = 0;
    for (int i = 0; i < WARM_UP; i++) {
      bodyOverflow(i, engine);
    }
    for (int i = 0; i < times; i++) {
      limit = Long.MAX_VALUE;
      for (int j = 0; j < REWARMINGS; j++) {
        bodyOverflow(i, engine);
      }
      limit = deepest - WINDOW_BYTES;
      bodyOverflow(i, engine);
    }
  }

  /** One that yields at each level, and whom another transfers to: what comes back is published. */
  private static void bodyOverflow(int round, Engine engine) {
    reached = 0;
    Coroutine<Object, Long> deep =
        build(
            engine,
            (self, first) -> {
              top = ContextSwitch.stackPointer();
              return padBody(1 + round % SHIFTS, 1, 2, 3, self);
            });
    Coroutine<Object, Long> before =
        build(
            engine,
            (self, first) -> {
              while (true) {
                self.transferTo(deep, "");
              }
            });
    try {
      while (true) {
        long where = before.resume("");
        mustBe(Coroutine.State.SUSPENDED, before, round);
        if (where > limit && !underway) {
          underway = true;
          redefine();
        } else {
          underway = false;
        }
      }
    } catch (StackOverflowError e) {
      // as it must
    }
    underway = false;
    adjustFloor();
    mustBe(Coroutine.State.DONE, deep, round);
    mustBe(Coroutine.State.SUSPENDED, before, round);
    before.close();
  }

  private static long padBody(int more, long a, long b, long c, Yielder<Object, Long> self) {
    if (more > 1) {
      return a + padBody(more - 1, b, c, a, self);
    }
    return b + descendBody(self);
  }

  private static long descendBody(Yielder<Object, Long> self) {
    long here = depth();
    if (here > floor) {
      self.yield(here);
      reached = here;
    }
    return 1 + descendBody(self);
  }

  private static long depth() {
    return top - ContextSwitch.stackPointer();
  }

  // ---- for both -----------------------------------------------------------------------------

  private static <O> Coroutine<Object, O> build(Engine engine, Coroutine.Body<Object, O> body) {
    return Coroutine.builder().engine(engine).stackSize(STACK_BYTES).build(body);
  }

  private static void mustBe(Coroutine.State expected, Coroutine<?, ?> c, int round) {
    if (c.state() != expected) {
      throw new AssertionError("after round " + round + ": " + c.state() + ", not " + expected);
    }
  }

  private static void redefine() {
    try {
      List<Class<?>> classes = new ArrayList<>();
      for (Class<?> type : instrumentation.getAllLoadedClasses()) {
        if (type.getName().startsWith("dev.stackful.")
            && type.getModule() == Coroutine.class.getModule()
            && !type.getPackageName().equals(OverflowAfterSwitch.class.getPackageName())
            && instrumentation.isModifiableClass(type)) {
          classes.add(type);
        }
      }
      instrumentation.retransformClasses(classes.toArray(Class<?>[]::new));
      redefinitions++;
    } catch (UnmodifiableClassException e) {
      throw new AssertionError(e);
    }
  }
}
