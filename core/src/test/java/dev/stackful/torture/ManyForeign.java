package dev.stackful.torture;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import dev.stackful.foreign.ForeignCoroutineLimitException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Very many foreign coroutines, all suspended in a comparison of the C library's qsort at once, and
 * what each of them costs.
 *
 * <p>Arguments: how many; or "limit", to make them until no more can be had.
 */
public final class ManyForeign {
  private static final MemorySegment QSORT =
      Linker.nativeLinker().defaultLookup().find("qsort").orElseThrow();
  private static final FunctionDescriptor OF_QSORT =
      FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
  private static final FunctionDescriptor OF_COMPARE =
      FunctionDescriptor.of(
          JAVA_INT, ADDRESS.withTargetLayout(JAVA_INT), ADDRESS.withTargetLayout(JAVA_INT));

  private static final Arena ARENA = Arena.ofAuto();

  private ManyForeign() {}

  /** One that sorts two numbers, which its only comparison tells apart from all others'. */
  private record Sort(ForeignCoroutine coroutine, ForeignCallback compare, MemorySegment numbers) {
    static Sort start(int number) {
      ForeignCoroutine coroutine = ForeignCoroutine.ofConfined();
      ForeignCallback compare = coroutine.callback(OF_COMPARE);
      MemorySegment numbers = ARENA.allocateFrom(JAVA_INT, number + 1, number);
      coroutine.start(QSORT, OF_QSORT, numbers, 2L, 4L, compare.function());
      Check.that(coroutine.resume(), "no comparison");
      return new Sort(coroutine, compare, numbers);
    }

    void finish() {
      int left = compare.getSegment(0).get(JAVA_INT, 0);
      int right = compare.getSegment(1).get(JAVA_INT, 0);
      Check.that(!coroutine.resume(Integer.compare(left, right)), "a second comparison");
      Check.equal(left - 1, numbers.getAtIndex(JAVA_INT, 0), "the first number");
      Check.equal(left, numbers.getAtIndex(JAVA_INT, 1), "the second number");
    }
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("limit")) {
      limit();
    } else {
      many(Integer.parseInt(arguments[0]));
    }
  }

  private static void many(int count) throws Exception {
    Sort first = Sort.start(0); // what is there once, however many there are, is none's cost
    first.finish();
    first.coroutine.close();
    List<Sort> sorts = new ArrayList<>(count);
    Cost before = Cost.now();
    Check.scenario("suspend " + count, () -> startAll(sorts, count));
    Cost after = Cost.now();
    System.out.println("each: " + after.minus(before).dividedBy(count));
    Check.scenario("finish half of them, in another order", () -> finishEven(sorts));
    Check.scenario("close them all", () -> sorts.forEach(sort -> sort.coroutine.close()));
    Cost left = Cost.now();
    System.out.println("left of each: " + left.minus(before).dividedBy(count));
    Check.scenario("suspend a few again", () -> startAll(new ArrayList<>(), 1000));
    System.out.println("suspended " + count);
  }

  private static void startAll(List<Sort> sorts, int count) {
    for (int i = 0; i < count; i++) {
      sorts.add(Sort.start(i));
    }
  }

  private static void finishEven(List<Sort> sorts) {
    for (int i = (sorts.size() - 1) / 2 * 2; i >= 0; i -= 2) {
      sorts.get(i).finish();
    }
  }

  /** At the limit there is a clear exception, and all that are there go on. */
  private static void limit() throws Exception {
    List<Sort> sorts = new ArrayList<>();
    ForeignCoroutineLimitException limit =
        Check.thrownBy(
            ForeignCoroutineLimitException.class,
            () -> {
              while (true) {
                sorts.add(Sort.start(sorts.size()));
              }
            });
    System.out.println(sorts.size() + " and then: " + limit.getMessage());
    Check.that(limit.getMessage().contains("vm.max_map_count"), limit.getMessage());
    Check.thrownBy(ForeignCoroutineLimitException.class, () -> Sort.start(0));
    Check.scenario("finish half of them", () -> finishEven(sorts));
    Check.scenario("close them all", () -> sorts.forEach(sort -> sort.coroutine.close()));
    Check.scenario("suspend as many again", () -> startAll(new ArrayList<>(), sorts.size() / 2));
    System.out.println("limit reached");
  }
}
