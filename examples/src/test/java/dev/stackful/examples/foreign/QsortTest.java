package dev.stackful.examples.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QsortTest {
  private static final int[] NUMBERS = new Random(1).ints(500, -50, 50).toArray();

  private static int[] sorted() {
    int[] sorted = NUMBERS.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  @Test
  void everyComparisonIsAQuestionByUpcalls() {
    Coroutine<Integer, Object> sort = Qsort.askedByUpcalls(NUMBERS);
    int questions = 0;
    Object out = sort.resume(0);
    while (out instanceof Qsort.Question(int left, int right)) {
      questions++;
      out = sort.resume(Integer.compare(left, right));
    }
    assertArrayEquals(sorted(), (int[]) out);
    assertTrue(questions >= NUMBERS.length - 1, "only " + questions);
  }

  @Test
  void everyComparisonIsAQuestionByAForeignCoroutine() {
    AtomicInteger questions = new AtomicInteger();
    int[] found =
        Qsort.asked(
            NUMBERS,
            question -> {
              questions.incrementAndGet();
              return Integer.compare(question.left(), question.right());
            });
    assertArrayEquals(sorted(), found);
    assertTrue(questions.get() >= NUMBERS.length - 1, "only " + questions);
  }

  @Test
  void aSortMayBeLeftByAnException() {
    IllegalStateException thrown = new IllegalStateException("no more questions");
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class,
            () ->
                Qsort.asked(
                    NUMBERS,
                    question -> {
                      throw thrown;
                    })));
  }

  @Test
  void aSortMayBeLeftByUpcalls() {
    Coroutine<Integer, Object> sort = Qsort.askedByUpcalls(NUMBERS);
    assertInstanceOf(Qsort.Question.class, sort.resume(0));
    assertInstanceOf(Qsort.Question.class, sort.resume(1));
    sort.close();
    assertTrue(sort.isDone());
  }
}
