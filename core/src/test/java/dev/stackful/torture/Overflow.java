package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import dev.stackful.Yielder;
import dev.stackful.internal.engine.NativeEngine;
import java.util.ArrayList;
import java.util.List;

/**
 * Stacks and heaps that overflow, in the body and in the resumer. Wants a small heap (-Xmx). The
 * argument says how many times a resumer overflows.
 */
@SuppressWarnings({
  "InfiniteRecursion",
  "ModifiedButNotUsed"
}) // overflowing, and filling the heap, is the point
public final class Overflow {
  private static final long SMALL_STACK_BYTES = 256 * 1024;

  private static long switches;

  private Overflow() {}

  /** Runs them all. */
  public static void main(String[] arguments) throws Exception {
    run(Integer.parseInt(arguments[0]) / Check.SLOWNESS);
  }

  /** Runs them all, and says how many switches the resumers of the first two did at least. */
  static long run(int times) throws Exception {
    switches = 0;
    Check.scenario("a resumer overflows in resume", () -> onSmallStack(() -> resumes(times)));
    Check.scenario("a resumer overflows in transfer", () -> onSmallStack(() -> transfers(times)));
    Check.scenario("a resumer overflows in close", () -> onSmallStack(() -> closes(times)));
    Check.scenario("a consumer overflows in next", () -> onSmallStack(() -> elements(times, 1)));
    Check.scenario("the same, with a buffer", () -> onSmallStack(() -> elements(times, 4)));
    if (Engine.preferred() != Engine.NATIVE) {
      return switches; // a thread at each level, and a virtual one's deep stack on the heap, take
      // too long
    }
    Check.scenario("a body's stack overflows, twice", Overflow::bodyOverflows);
    Check.scenario("a body runs out of heap", Overflow::heapOverflows);
    Check.scenario("a resumer overflows in creation", () -> onSmallStack(() -> creations(times)));
    Check.scenario(
        "a coroutine overflows in resume",
        () -> {
          Coroutine<Object, Object> c =
              Coroutine.builder()
                  .stackSize(SMALL_STACK_BYTES)
                  .build(
                      (self, first) -> {
                        resumes(times);
                        return "";
                      });
          c.resume("");
        });
    return switches;
  }

  // ---- in the body --------------------------------------------------------------------------

  private static void bodyOverflows() {
    Coroutine<Integer, Integer> c =
        Coroutine.of(
            (self, first) -> {
              int overflows = 0;
              for (int i = 0; i < 2; i++) {
                try {
                  recurse(0);
                } catch (StackOverflowError e) {
                  overflows++;
                }
                self.yield(overflows);
              }
              recurse(0);
              return -1;
            });
    for (int i = 1; i <= 2; i++) {
      Check.equal(i, c.resume(0), "overflows caught by the body");
    }
    Check.thrownBy(StackOverflowError.class, () -> c.resume(0));
    Check.that(c.isDone(), "not done");
    // The same stack, warm from the pool: its guard zone must be armed again.
    for (int i = 0; i < 2; i++) {
      Coroutine<Integer, Integer> next = Coroutine.of((self, first) -> recurse(0));
      Check.thrownBy(StackOverflowError.class, () -> next.resume(0));
    }
    // Yields on the way down, then overflows.
    Coroutine<Integer, Integer> deep = Coroutine.of((self, first) -> yieldAndRecurse(self, 0));
    int depth = 0;
    try {
      while (true) {
        Check.equal(depth, deep.resume(0), "the depth");
        depth++;
      }
    } catch (StackOverflowError e) {
      Check.that(depth > 500, "overflowed at the depth " + depth);
    }
  }

  private static int recurse(int depth) {
    return depth + 1 + recurse(depth + 1);
  }

  private static int yieldAndRecurse(Yielder<Integer, Integer> self, int depth) {
    self.yield(depth);
    return 1 + yieldAndRecurse(self, depth + 1);
  }

  private static void heapOverflows() {
    Coroutine<Object, Integer> c =
        Coroutine.of(
            (self, first) -> {
              int caught = 0;
              while (caught < 3) {
                List<long[]> hoard = new ArrayList<>();
                try {
                  while (true) {
                    hoard.add(new long[1 << 20]);
                  }
                } catch (OutOfMemoryError e) {
                  hoard.clear();
                  caught++;
                }
                self.yield(caught);
              }
              List<long[]> hoard = new ArrayList<>();
              while (true) {
                hoard.add(new long[1 << 20]);
              }
            });
    for (int i = 1; i <= 3; i++) {
      Check.equal(i, c.resume(""), "times that the body ran out of heap");
    }
    Check.thrownBy(OutOfMemoryError.class, () -> c.resume(""));
    Check.that(c.isDone(), "not done");
  }

  // ---- in the resumer -----------------------------------------------------------------------

  private static void onSmallStack(Check.Scenario scenario) throws Exception {
    Throwable[] thrown = {null};
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                scenario.run();
              } catch (Throwable t) {
                thrown[0] = t;
              }
            },
            "small stack",
            SMALL_STACK_BYTES);
    thread.start();
    thread.join();
    if (thrown[0] != null) {
      throw new AssertionError(thrown[0]);
    }
  }

  /** A coroutine that counts how often it was resumed. */
  private static Coroutine<Object, Integer> counter() {
    return Coroutine.of(
        (self, first) -> {
          int count = 0;
          while (true) {
            self.yield(++count);
          }
        });
  }

  /** What is done at every depth, until the stack overflows. */
  @FunctionalInterface
  private interface Step {
    void take();
  }

  /**
   * Takes the step at ever deeper levels. Frames of two sizes below the first level shift where in
   * the step the end of the stack comes.
   */
  private static void untilOverflow(int shift, Step step) {
    try {
      if (shift > 0) {
        pad(shift, 1, 2, 3, step);
      } else {
        descend(step);
      }
    } catch (StackOverflowError e) {
      return;
    }
    throw new AssertionError("the stack has no end");
  }

  private static long pad(int more, long a, long b, long c, Step step) {
    if (more > 1) {
      return a + pad(more - 1, b, c, a, step);
    }
    descend(step);
    return b + c;
  }

  private static void descend(Step step) {
    step.take();
    descend(step);
  }

  private static void resumes(int times) {
    Coroutine<Object, Integer> c = counter();
    int[] last = {0};
    for (int i = 0; i < times; i++) {
      untilOverflow(i % 97, () -> last[0] = c.resume(""));
      Check.equal(Coroutine.State.SUSPENDED, c.state(), "the state after overflow " + i);
      int next = c.resume("");
      // The overflow may have come after the switch back: then one value was lost.
      Check.that(
          next == last[0] + 1 || next == last[0] + 2, "resume gave " + next + " after " + last[0]);
      last[0] = next;
    }
    switches += 2L * last[0];
    c.close();
  }

  /** No element is lost, and none comes that was not yielded. */
  private static void elements(int times, int buffer) {
    GeneratorIterator<Integer> iterator =
        Generator.<Integer>of(
                scope -> {
                  for (int i = 1; ; i++) {
                    scope.yield(i);
                  }
                })
            .buffered(buffer)
            .iterator();
    Integer[] last = {0};
    for (int i = 0; i < times; i++) {
      untilOverflow(i % 97, () -> last[0] = iterator.next()); // no call that could fail after it
      Integer next = iterator.next();
      Check.equal(last[0] + 1, next, "the element after overflow " + i);
      last[0] = next;
    }
    iterator.close();
  }

  /** What comes back is another coroutine than the one that was entered. */
  private static void transfers(int times) {
    Coroutine<Object, Integer> second = counter();
    Coroutine<Object, Integer> first =
        Coroutine.of(
            (self, value) -> {
              while (true) {
                self.transferTo(second, value);
              }
            });
    int[] last = {0};
    for (int i = 0; i < times; i++) {
      untilOverflow(i % 97, () -> last[0] = first.resume(""));
      Check.equal(Coroutine.State.SUSPENDED, first.state(), "the first's state after " + i);
      Check.equal(Coroutine.State.SUSPENDED, second.state(), "the second's state after " + i);
      int next = first.resume("");
      Check.that(next > last[0], "resume gave " + next + " after " + last[0]);
      last[0] = next;
    }
    switches += 3L * last[0];
    first.close();
    second.close();
  }

  private static void closes(int times) throws Exception {
    int before = NativeEngine.instance().stackCount();
    for (int i = 0; i < times; i++) {
      List<Coroutine<Object, Integer>> unclosed = new ArrayList<>();
      int[] unwound = {0};
      for (int j = 0; j < 3; j++) {
        Coroutine<Object, Integer> c =
            Coroutine.of(
                (self, first) -> {
                  try {
                    self.yield(0);
                    return 1;
                  } finally {
                    unwound[0]++;
                  }
                });
        c.resume("");
        unclosed.add(c);
      }
      untilOverflow(
          i % 97,
          () -> {
            for (Coroutine<Object, Integer> c : unclosed) {
              c.close();
            }
          });
      for (Coroutine<Object, Integer> c : unclosed) {
        c.close();
        Check.equal(Coroutine.State.DONE, c.state(), "the state after close " + i);
      }
      Check.equal(3, unwound[0], "bodies unwound");
    }
    checkLeaks(before);
  }

  /** Creates, resumes and ends a coroutine at every depth. */
  private static void creations(int times) throws Exception {
    int before = NativeEngine.instance().stackCount();
    for (int i = 0; i < times; i++) {
      List<Coroutine<Object, Integer>> created = new ArrayList<>();
      untilOverflow(
          i % 97,
          () -> {
            Coroutine<Object, Integer> c = Coroutine.of((self, first) -> 1 + (int) self.yield(1));
            created.add(c);
            Check.equal(1, c.resume(""), "the yield");
            Check.equal(3, c.resume(2), "the return");
            created.clear();
          });
      for (Coroutine<Object, Integer> c : created) {
        if (c.state() == Coroutine.State.NEW) {
          c.resume("");
        }
        c.close();
        Check.that(c.state() == Coroutine.State.DONE, "the state " + c.state());
      }
    }
    checkLeaks(before);
  }

  /** What an overflow kept from being given back, the reaper gives back. */
  private static void checkLeaks(int before) throws Exception {
    Check.await(
        "no more than " + (before + 4) + " stacks",
        () -> {
          System.gc();
          return NativeEngine.instance().stackCount() <= before + 4;
        });
  }
}
