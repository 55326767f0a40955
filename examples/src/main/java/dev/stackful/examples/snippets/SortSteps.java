package dev.stackful.examples.snippets;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The C library's qsort, whose comparisons are answered one by one. */
public final class SortSteps {
  private SortSteps() {}

  /**
   * Sorts four numbers.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    // @start region="sort-steps"
    MemorySegment qsort = Linker.nativeLinker().defaultLookup().find("qsort").orElseThrow();
    AddressLayout pointerToInt = ADDRESS.withTargetLayout(JAVA_INT);

    try (Arena arena = Arena.ofConfined();
        ForeignCoroutine sort = ForeignCoroutine.ofConfined()) {
      MemorySegment numbers = arena.allocateFrom(JAVA_INT, 30, 10, 40, 20);
      ForeignCallback compare =
          sort.callback(FunctionDescriptor.of(JAVA_INT, pointerToInt, pointerToInt));

      sort.start(
          qsort,
          FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS),
          numbers,
          4L,
          JAVA_INT.byteSize(),
          compare.function());
      while (sort.resume()) { // qsort waits in a call of compare
        int left = compare.getSegment(0).get(JAVA_INT, 0);
        int right = compare.getSegment(1).get(JAVA_INT, 0);
        compare.answer(Integer.compare(left, right));
      }
      System.out.println(Arrays.toString(numbers.toArray(JAVA_INT))); // [10, 20, 30, 40]
    }
    // @end
  }
}
