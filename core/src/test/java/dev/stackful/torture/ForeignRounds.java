package dev.stackful.torture;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Rounds of foreign coroutines. */
final class ForeignRounds {
  private static final MemorySegment QSORT =
      Linker.nativeLinker().defaultLookup().find("qsort").orElseThrow();
  private static final FunctionDescriptor OF_QSORT =
      FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
  private static final FunctionDescriptor OF_COMPARE =
      FunctionDescriptor.of(
          JAVA_INT, ADDRESS.withTargetLayout(JAVA_INT), ADDRESS.withTargetLayout(JAVA_INT));

  private ForeignRounds() {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sort(
      ForeignCoroutine coroutine, ForeignCallback compare, MemorySegment array, int[] sorted) {
    static Sort start(SplittableRandom random, Arena arena) {
      int[] numbers = random.ints(random.nextInt(60)).toArray();
      MemorySegment array = arena.allocateFrom(JAVA_INT, numbers);
      ForeignCoroutine coroutine = ForeignCoroutine.ofConfined();
      ForeignCallback compare = coroutine.callback(OF_COMPARE);
      coroutine.start(QSORT, OF_QSORT, array, (long) numbers.length, 4L, compare.function());
      Arrays.sort(numbers);
      return new Sort(coroutine, compare, array, numbers);
    }

    /** Whether it stands in a comparison now. */
    boolean advance(boolean first) {
      if (first) {
        return coroutine.resume();
      }
      int left = compare.getSegment(0).get(JAVA_INT, 0);
      int right = compare.getSegment(1).get(JAVA_INT, 0);
      return coroutine.resume(Integer.compare(left, right));
    }
  }

  /** Several sorts in turn, in random order; some are closed where they stand. */
  static long sorts(SplittableRandom random) {
    long switches = 0;
    try (Arena arena = Arena.ofConfined()) {
      List<Sort> sorts = new ArrayList<>();
      for (int i = random.nextInt(1, 20); i > 0; i--) {
        Sort sort = Sort.start(random, arena);
        switches += 2;
        if (sort.advance(true)) {
          sorts.add(sort);
        } else {
          finish(sort);
        }
      }
      while (!sorts.isEmpty()) {
        int index = random.nextInt(sorts.size());
        Sort sort = sorts.get(index);
        switches += 2;
        if (random.nextInt(500) == 0) {
          sort.coroutine.close();
          sorts.remove(index);
        } else if (!sort.advance(false)) {
          finish(sort);
          sorts.remove(index);
        }
      }
    }
    return switches;
  }

  private static void finish(Sort sort) {
    Check.that(Arrays.equals(sort.sorted, sort.array.toArray(JAVA_INT)), "qsort didn't sort");
    sort.coroutine.close();
  }
}
