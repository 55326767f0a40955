package dev.stackful.examples.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stackful.Coroutine;
import dev.stackful.ForcedUnwind;
import dev.stackful.Yielder;
import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The C library's {@code qsort}, whose every comparison is a question to Java: the caller answers
 * when it likes, and could ask a person, or a server, in between.
 */
public final class Qsort {
  /**
   * A question: which of the two comes first?
   *
   * @param left one element
   * @param right another
   */
  public record Question(int left, int right) {}

  /** {@code void qsort(void *array, size_t count, size_t bytesOfOne, int (*compare)())} */
  static final FunctionDescriptor QSORT_DESCRIPTOR =
      FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);

  /** {@code int compare(const int *left, const int *right)} */
  static final FunctionDescriptor COMPARE_DESCRIPTOR =
      FunctionDescriptor.of(
          JAVA_INT, ADDRESS.withTargetLayout(JAVA_INT), ADDRESS.withTargetLayout(JAVA_INT));

  static final MemorySegment QSORT =
      Linker.nativeLinker().defaultLookup().find("qsort").orElseThrow();

  private static final MethodHandle SORT =
      Linker.nativeLinker().downcallHandle(QSORT, QSORT_DESCRIPTOR);
  private static final MethodHandle COMPARE;

  static {
    try {
      COMPARE =
          MethodHandles.lookup()
              .findVirtual(
                  Comparator.class,
                  "compare",
                  MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Qsort() {}

  /**
   * A sort by a coroutine: its body calls {@code qsort}, whose comparator is an upcall into Java,
   * which yields.
   *
   * @param numbers what to sort; it is not changed
   * @return yields {@link Question}s, to be resumed with a negative number, 0 or a positive one as
   *     {@code left} comes first, neither or {@code right}; returns the sorted numbers, an {@code
   *     int[]}. The first resume's value says nothing
   */
  public static Coroutine<Integer, Object> askedByUpcalls(int[] numbers) {
    int[] copy = numbers.clone();
    return Coroutine.of(
        (self, first) -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment array = arena.allocateFrom(JAVA_INT, copy);
            Comparator comparator = new Comparator(self);
            MemorySegment pointer =
                Linker.nativeLinker()
                    .upcallStub(COMPARE.bindTo(comparator), COMPARE_DESCRIPTOR, arena);
            sort(array, copy.length, pointer);
            comparator.rethrow();
            return array.toArray(JAVA_INT);
          }
        });
  }

  /**
   * A sort by a foreign coroutine, which every call of the comparator suspends.
   *
   * @param numbers what to sort; it is not changed
   * @param answers a negative number, 0 or a positive one as {@code left} comes first, neither or
   *     {@code right}
   * @return the sorted numbers
   */
  public static int[] asked(int[] numbers, ToIntFunction<? super Question> answers) {
    try (Arena arena = Arena.ofConfined();
        ForeignCoroutine sort = ForeignCoroutine.ofConfined()) {
      MemorySegment array = arena.allocateFrom(JAVA_INT, numbers);
      ForeignCallback compare = sort.callback(COMPARE_DESCRIPTOR);
      sort.start(
          QSORT,
          QSORT_DESCRIPTOR,
          array,
          (long) numbers.length,
          JAVA_INT.byteSize(),
          compare.function());
      while (sort.resume()) {
        Question question =
            new Question(
                compare.getSegment(0).get(JAVA_INT, 0), compare.getSegment(1).get(JAVA_INT, 0));
        compare.answer(answers.applyAsInt(question));
      }
      return array.toArray(JAVA_INT);
    }
  }

  private static void sort(MemorySegment array, long count, MemorySegment compare) {
    try {
      SORT.invokeExact(array, count, JAVA_INT.byteSize(), compare);
    } catch (Throwable t) {
      throw CLibrary.rethrow(t);
    }
  }

  /** Called by C. */
  private static final class Comparator {
    private final Yielder<Integer, Object> self;
    private @Nullable ForcedUnwind unwinding;

    Comparator(Yielder<Integer, Object> self) {
      this.self = self;
    }

    /**
     * {@code qsort} can't be stopped, and no exception may leave an upcall: when the coroutine is
     * closed, the rest of the sort goes on without questions, and the unwinding after it.
     */
    @SuppressWarnings("UnusedMethod") // COMPARE
    private int compare(MemorySegment left, MemorySegment right) {
      if (unwinding != null) {
        return 0;
      }
      try {
        Question question = new Question(left.get(JAVA_INT, 0), right.get(JAVA_INT, 0));
        return Objects.requireNonNull(self.yield(question), "the answer");
      } catch (ForcedUnwind u) {
        unwinding = u;
        return 0;
      }
    }

    void rethrow() {
      if (unwinding != null) {
        throw unwinding;
      }
    }
  }
}
