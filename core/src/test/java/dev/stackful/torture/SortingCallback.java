package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Yielder;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Random;

/**
 * The C library's qsort, called by a coroutine's body; its comparator, an upcall, yields each
 * question to the resumer, who answers it.
 */
public final class SortingCallback {
  private static final MethodHandle QSORT;
  private static final FunctionDescriptor COMPARATOR =
      FunctionDescriptor.of(
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS.withTargetLayout(ValueLayout.JAVA_INT),
          ValueLayout.ADDRESS.withTargetLayout(ValueLayout.JAVA_INT));
  private static final MethodHandle COMPARE;

  static {
    Linker linker = Linker.nativeLinker();
    QSORT =
        linker.downcallHandle(
            linker.defaultLookup().find("qsort").orElseThrow(),
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS));
    try {
      COMPARE =
          MethodHandles.lookup()
              .findStatic(
                  SortingCallback.class,
                  "compare",
                  MethodType.methodType(
                      int.class, Yielder.class, MemorySegment.class, MemorySegment.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What the comparator asks. */
  record Question(int left, int right) {
    int answer() {
      return Integer.compare(left, right);
    }
  }

  private SortingCallback() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    Check.scenario("a thousand numbers", () -> checkSort(1_000 / Check.SLOWNESS, 1));
    Check.scenario(
        "abandoned half way, many times",
        () -> {
          for (int i = 0; i < 50 / Check.SLOWNESS + 1; i++) {
            Coroutine<Integer, Object> sort = sorting(numbers(20, i));
            for (int j = 0; j < 10; j++) {
              sort.resume(((Question) sort.resume(0)).answer());
            }
            // To be resumed to its end: an exception must not leave an upcall.
            Object asked = sort.resume(0);
            while (asked instanceof Question question) {
              asked = sort.resume(question.answer());
            }
          }
        });
  }

  private static int[] numbers(int count, long seed) {
    return new Random(seed).ints(count).toArray();
  }

  /** Sorts by asking for every comparison; checks the result. */
  static void checkSort(int count, long seed) {
    int[] numbers = numbers(count, seed);
    Coroutine<Integer, Object> sort = sorting(numbers);
    Object asked = sort.resume(0);
    int questions = 0;
    while (asked instanceof Question question) {
      questions++;
      asked = sort.resume(question.answer());
    }
    int[] expected = numbers.clone();
    Arrays.sort(expected);
    Check.that(Arrays.equals(expected, (int[]) asked), "not sorted");
    Check.that(questions >= count - 1, "only " + questions + " questions");
  }

  /** Yields questions and returns the sorted numbers. */
  static Coroutine<Integer, Object> sorting(int[] numbers) {
    return Coroutine.of(
        (self, first) -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment array = arena.allocateFrom(ValueLayout.JAVA_INT, numbers);
            MemorySegment comparator =
                Linker.nativeLinker().upcallStub(COMPARE.bindTo(self), COMPARATOR, arena);
            sort(array, numbers.length, comparator);
            return array.toArray(ValueLayout.JAVA_INT);
          }
        });
  }

  private static void sort(MemorySegment array, long count, MemorySegment comparator) {
    try {
      QSORT.invokeExact(array, count, ValueLayout.JAVA_INT.byteSize(), comparator);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  @SuppressWarnings("UnusedMethod") // COMPARE
  private static int compare(
      Yielder<Integer, Object> self, MemorySegment left, MemorySegment right) {
    return self.yield(
        new Question(left.get(ValueLayout.JAVA_INT, 0), right.get(ValueLayout.JAVA_INT, 0)));
  }
}
