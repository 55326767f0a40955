package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link Generator} promises, whatever the engine. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class GeneratorContract {
  private final Engine engine;

  private final int buffer;

  GeneratorContract(Engine engine, int buffer) {
    this.engine = engine;
    this.buffer = buffer;
  }

  <T extends @Nullable Object> Generator<T> generator(Generator.Body<T> body) {
    Generator<T> generator = Generator.of(body).on(engine);
    return buffer == 1 ? generator : generator.buffered(buffer);
  }

  Generator<Integer> upTo(int end) {
    return generator(
        scope -> {
          for (int i = 0; i < end; i++) {
            scope.yield(i);
          }
        });
  }

  @Test
  void forEachTakesEveryElementInOrder() {
    List<Integer> seen = new ArrayList<>();
    for (int i : upTo(5)) {
      seen.add(i);
    }
    assertEquals(List.of(0, 1, 2, 3, 4), seen);
  }

  @Test
  void forEachWhoseActionThrowsUnwindsTheBody() {
    AtomicInteger unwound = new AtomicInteger();
    IllegalArgumentException enough = new IllegalArgumentException("enough");
    IllegalStateException suppressed = new IllegalStateException("in finally");
    Generator<Integer> numbers =
        generator(
            scope -> {
              try {
                for (int i = 0; ; i++) {
                  scope.yield(i);
                }
              } finally {
                unwound.incrementAndGet();
                throwIt(suppressed);
              }
            });
    List<Integer> seen = new ArrayList<>();
    Throwable thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                numbers.forEach(
                    n -> {
                      seen.add(n);
                      if (n == 2) {
                        throw enough;
                      }
                    }));
    assertSame(enough, thrown);
    assertEquals(List.of(0, 1, 2), seen);
    assertEquals(1, unwound.get());
    assertEquals(List.of(suppressed), List.of(enough.getSuppressed()));
  }

  @Test
  void forEachLetsOutWhatTheBodyThrows() {
    IllegalStateException failure = new IllegalStateException("no more");
    Generator<Integer> numbers =
        generator(
            scope -> {
              scope.yield(1);
              throw failure;
            });
    List<Integer> seen = new ArrayList<>();
    assertSame(
        failure, assertThrows(IllegalStateException.class, () -> numbers.forEach(seen::add)));
    assertEquals(List.of(1), seen);
    assertEquals(0, failure.getSuppressed().length);
  }

  private static void throwIt(RuntimeException exception) {
    throw exception;
  }

  @Test
  void itsNameIsItsIteratorsToo() {
    Generator<Integer> digits = upTo(10).named("digits");
    assertEquals("Generator[digits]", digits.toString());
    try (GeneratorIterator<Integer> iterator = digits.iterator()) {
      assertEquals("GeneratorIterator[digits, NEW]", iterator.toString());
      iterator.next();
      assertEquals("GeneratorIterator[digits, SUSPENDED]", iterator.toString());
    }
    assertEquals("Generator", upTo(10).toString());
  }

  @Test
  void everyIteratorStartsTheBodyAfresh() {
    AtomicInteger starts = new AtomicInteger();
    Generator<Integer> g =
        generator(
            scope -> {
              scope.yield(starts.incrementAndGet());
              scope.yield(-1);
            });
    assertEquals(0, starts.get());
    Iterator<Integer> one = g.iterator();
    Iterator<Integer> two = g.iterator();
    assertEquals(0, starts.get(), "nothing runs before the first element is wanted");
    assertEquals(1, one.next());
    assertEquals(2, two.next());
    assertEquals(-1, one.next());
    assertEquals(-1, two.next());
    assertFalse(one.hasNext() || two.hasNext());
  }

  @Test
  void anEmptyBodyIsAnEmptySequence() {
    assertFalse(upTo(0).iterator().hasNext());
    assertThrows(NoSuchElementException.class, () -> upTo(0).iterator().next());
  }

  @Test
  void hasNextMayBeCalledAnyNumberOfTimesAndNextWithoutIt() {
    Iterator<Integer> i = upTo(2).iterator();
    assertTrue(i.hasNext());
    assertTrue(i.hasNext());
    assertEquals(0, i.next());
    assertEquals(1, i.next());
    assertFalse(i.hasNext());
    assertFalse(i.hasNext());
    assertThrows(NoSuchElementException.class, i::next);
    assertThrows(NoSuchElementException.class, i::next);
  }

  @Test
  void whoTakesAllThatIsLeftMayTakeSomeByHandOrClose() {
    List<Integer> seen = new ArrayList<>();
    GeneratorIterator<Integer> iterator = upTo(9).iterator();
    iterator.next();
    iterator.forEachRemaining(
        element -> {
          seen.add(element);
          if (element % 4 == 1) {
            seen.add(-iterator.next());
          }
        });
    assertEquals(List.of(1, -2, 3, 4, 5, -6, 7, 8), seen);
    assertFalse(iterator.hasNext());
    seen.clear();
    GeneratorIterator<Integer> closed = upTo(10).iterator();
    closed.forEachRemaining(
        element -> {
          seen.add(element);
          if (element == 4) {
            closed.close();
          }
        });
    assertEquals(List.of(0, 1, 2, 3, 4), seen);
    assertFalse(closed.hasNext());
  }

  @Test
  void whoThrowsInTheMiddleHasTakenThatElement() {
    IllegalStateException thrown = new IllegalStateException("by who takes");
    try (GeneratorIterator<Integer> iterator = upTo(10).iterator()) {
      assertSame(
          thrown,
          assertThrows(
              IllegalStateException.class,
              () ->
                  iterator.forEachRemaining(
                      element -> {
                        if (element == 4) {
                          throw thrown;
                        }
                      })));
      assertEquals(5, iterator.next());
    }
  }

  @Test
  void nullIsAnElementLikeAnyOther() {
    Generator<@Nullable String> g =
        generator(
            scope -> {
              scope.yield(null);
              scope.yield("");
              scope.yield(null);
            });
    Iterator<@Nullable String> i = g.iterator();
    assertTrue(i.hasNext());
    assertNull(i.next());
    assertEquals("", i.next());
    assertTrue(i.hasNext());
    assertNull(i.next());
    assertFalse(i.hasNext());
  }

  @Test
  void anExceptionComesAfterTheElementsBeforeIt() {
    IllegalStateException thrown = new IllegalStateException("by the body");
    Iterator<Integer> i =
        generator(
                (GeneratorScope<Integer> scope) -> {
                  scope.yield(1);
                  scope.yield(2);
                  throw thrown;
                })
            .iterator();
    assertEquals(1, i.next());
    assertEquals(2, i.next());
    assertSame(thrown, assertThrows(IllegalStateException.class, i::hasNext));
    assertFalse(i.hasNext());
    assertThrows(NoSuchElementException.class, i::next);
  }

  @Test
  void closeRunsTheBodysFinallyAndEndsTheIteration() {
    AtomicInteger closed = new AtomicInteger();
    Generator<Integer> g =
        generator(
            scope -> {
              try {
                for (int i = 0; ; i++) {
                  scope.yield(i);
                }
              } finally {
                closed.incrementAndGet();
              }
            });
    GeneratorIterator<Integer> i = g.iterator();
    assertEquals(0, i.next());
    assertTrue(i.hasNext());
    assertEquals(0, closed.get());
    i.close();
    assertEquals(1, closed.get());
    assertFalse(i.hasNext());
    assertThrows(NoSuchElementException.class, i::next);
    i.close();
    assertEquals(1, closed.get());
  }

  @Test
  void closeBeforeTheFirstElementRunsNothing() {
    AtomicInteger runs = new AtomicInteger();
    GeneratorIterator<Integer> i =
        generator((GeneratorScope<Integer> scope) -> runs.incrementAndGet()).iterator();
    i.close();
    assertFalse(i.hasNext());
    assertEquals(0, runs.get());
  }

  @Test
  void aBodyThatSwallowsTheUnwindingIsUnwoundAgain() {
    AtomicInteger swallowed = new AtomicInteger();
    GeneratorIterator<Integer> i =
        generator(
                (GeneratorScope<Integer> scope) -> {
                  while (swallowed.get() < 5) {
                    try {
                      scope.yield(1);
                    } catch (ForcedUnwind u) {
                      swallowed.incrementAndGet();
                    }
                  }
                })
            .iterator();
    assertTrue(i.hasNext());
    i.close();
    assertEquals(5, swallowed.get());
    assertFalse(i.hasNext());
  }

  @Test
  void anIterationHasEndedEvenWhereItsCloseThrows() {
    GeneratorIterator<Integer> i =
        generator(
                (GeneratorScope<Integer> scope) -> {
                  try {
                    while (true) {
                      scope.yield(1);
                    }
                  } finally {
                    failInFinally();
                  }
                })
            .iterator();
    assertTrue(i.hasNext());
    assertThrows(IllegalStateException.class, i::close);
    assertFalse(i.hasNext());
    i.close();
  }

  private static void failInFinally() {
    throw new IllegalStateException("in finally");
  }

  @Test
  void streamsAreLazyOrderedAndCloseTheBody() {
    AtomicInteger made = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    Generator<Integer> g =
        generator(
            scope -> {
              try {
                while (true) {
                  scope.yield(made.incrementAndGet());
                }
              } finally {
                closed.incrementAndGet();
              }
            });
    try (Stream<Integer> stream = g.stream()) {
      assertEquals(List.of(2, 4, 6), stream.filter(i -> i % 2 == 0).limit(3).toList());
    }
    assertEquals(1, closed.get());
    assertTrue(made.get() >= 6 && made.get() < 6 + buffer, made.toString());
    assertTrue(upTo(1).stream().spliterator().hasCharacteristics(Spliterator.ORDERED));
    assertFalse(upTo(1).stream().spliterator().hasCharacteristics(Spliterator.NONNULL));
    assertFalse(upTo(1).stream().spliterator().hasCharacteristics(Spliterator.SIZED));
    assertFalse(upTo(1).stream().isParallel());
    assertEquals(4950, upTo(100).stream().parallel().mapToInt(i -> i).sum());
  }

  @Test
  void aBodyRunsAheadByTheBufferAtMost() {
    AtomicInteger made = new AtomicInteger();
    Generator<Integer> g =
        generator(
            scope -> {
              while (true) {
                scope.yield(made.incrementAndGet());
              }
            });
    try (GeneratorIterator<Integer> i = g.iterator()) {
      for (int taken = 1; taken <= 20; taken++) {
        assertEquals(taken, i.next());
        assertTrue(made.get() < taken + buffer, made + " made, " + taken + " taken");
      }
    }
  }

  @Test
  void yieldAllTakesAnyIterable() {
    Generator<Object> g =
        generator(
            scope -> {
              scope.yieldAll(List.of(1, 2));
              scope.yieldAll(upTo(2));
              scope.yieldAll(List.of());
              scope.yield("end");
            });
    assertEquals(Arrays.asList(1, 2, 0, 1, "end"), g.stream().toList());
  }

  @Test
  void yieldAllClosesAnIteratorThatIsCloseable() {
    AtomicInteger closed = new AtomicInteger();
    final class Numbers implements Iterator<Integer>, AutoCloseable {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Integer next() {
        return 1;
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    }
    try (GeneratorIterator<Integer> i =
        generator((GeneratorScope<Integer> scope) -> scope.yieldAll(Numbers::new)).iterator()) {
      assertEquals(1, i.next());
    }
    assertEquals(1, closed.get());
  }

  @Test
  void aCheckedExceptionOfANestedGeneratorIsACause() {
    Exception thrown = new Exception("nested");
    Generator<Integer> inner =
        generator(
            scope -> {
              throw thrown;
            });
    Iterator<Integer> outer =
        generator((GeneratorScope<Integer> scope) -> scope.yieldAll(inner)).iterator();
    assertSame(thrown, assertThrows(CoroutineException.class, outer::hasNext).getCause());
  }

  /** A tree by its depth: complete, its nodes numbered in order. */
  private static void walk(int depth, GeneratorScope<Integer> scope) {
    if (depth > 0) {
      walk(depth - 1, scope);
      scope.yield(depth);
      walk(depth - 1, scope);
    }
  }

  @Test
  void aTreeIsWalkedByARecursiveBody() {
    int depth =
        engine == Engine.NATIVE && Integer.getInteger("stackful.test.slowness", 1) == 1 ? 20 : 12;
    long nodes = 0;
    for (Integer ignored : generator((GeneratorScope<Integer> scope) -> walk(depth, scope))) {
      nodes++;
    }
    assertEquals((1L << depth) - 1, nodes);
  }

  /** The same by generators inside generators. */
  private Generator<Integer> tree(int depth) {
    return generator(
        scope -> {
          if (depth > 0) {
            scope.yieldAll(tree(depth - 1));
            scope.yield(depth);
            scope.yieldAll(tree(depth - 1));
          }
        });
  }

  @Test
  void generatorsNestWithYieldAll() {
    List<Integer> byRecursion =
        generator((GeneratorScope<Integer> scope) -> walk(10, scope)).stream().toList();
    assertEquals(byRecursion, tree(10).stream().toList());
  }

  @Test
  void anIterationInsideABodyIsClosedWithIt() {
    AtomicInteger closed = new AtomicInteger();
    Generator<Integer> inner =
        generator(
            scope -> {
              try {
                while (true) {
                  scope.yield(1);
                }
              } finally {
                closed.incrementAndGet();
              }
            });
    Generator<Integer> outer =
        generator(
            scope -> {
              try (GeneratorIterator<Integer> i = inner.iterator()) {
                int sum = 0;
                while (i.hasNext()) {
                  sum += i.next();
                  scope.yield(sum); // across the inner one, which stays suspended meanwhile
                }
              }
            });
    try (GeneratorIterator<Integer> i = outer.iterator()) {
      assertEquals(1, i.next());
      assertEquals(2, i.next());
      assertEquals(0, closed.get());
    }
    assertEquals(1, closed.get());
  }

  @Test
  void aBodyMayNotYieldFromTheStackOfAnother() {
    // The inner body runs on a stack of its own, where the outer's scope is of no use.
    Generator<String> outer =
        generator(
            scope -> {
              Iterator<Integer> inner =
                  generator((GeneratorScope<Integer> own) -> scope.yield("wrong stack")).iterator();
              assertThrows(WrongThreadException.class, inner::hasNext);
              scope.yield("right stack");
            });
    assertEquals(List.of("right stack"), outer.stream().toList());
  }

  @Test
  void aBodyCannotTakeItsOwnElements() {
    AtomicReference<GeneratorIterator<Integer>> own = new AtomicReference<>();
    List<Throwable> refusals = new ArrayList<>();
    own.set(
        generator(
                (GeneratorScope<Integer> scope) -> {
                  for (int n = 1; n <= 5; n++) {
                    refusals.add(assertThrows(NotResumableException.class, () -> own.get().next()));
                    scope.yield(n);
                    refusals.add(
                        assertThrows(NotResumableException.class, () -> own.get().hasNext()));
                  }
                })
            .iterator());
    List<Integer> taken = new ArrayList<>();
    own.get().forEachRemaining(taken::add);
    assertEquals(List.of(1, 2, 3, 4, 5), taken);
    assertEquals(10, refusals.size());
  }

  @Test
  void anIterationThatItsBodyHasClosedHasEnded() {
    AtomicReference<GeneratorIterator<Integer>> own = new AtomicReference<>();
    List<String> seen = new ArrayList<>();
    own.set(
        generator(
                (GeneratorScope<Integer> scope) -> {
                  try {
                    scope.yield(1);
                    assertThrows(NotResumableException.class, () -> own.get().close());
                    scope.yield(2);
                    seen.add("went on");
                  } finally {
                    seen.add("unwound");
                  }
                })
            .iterator());
    GeneratorIterator<Integer> i = own.get();
    if (buffer == 1) {
      assertEquals(1, i.next());
    }
    assertFalse(i.hasNext());
    assertEquals(List.of("unwound"), seen);
    assertThrows(NoSuchElementException.class, i::next);
    i.close();
  }

  @Test
  void aYieldDuringAnUnwindingIsUnwoundAtOnce() {
    List<String> seen = new ArrayList<>();
    GeneratorIterator<Integer> i =
        generator(
                (GeneratorScope<Integer> scope) -> {
                  try {
                    for (int n = 0; n < 100; n++) {
                      scope.yield(n);
                    }
                  } finally {
                    try {
                      scope.yield(-1);
                      seen.add("went on");
                    } finally {
                      seen.add("unwound");
                    }
                  }
                })
            .iterator();
    assertEquals(0, i.next());
    i.close();
    assertEquals(List.of("unwound"), seen);
    assertFalse(i.hasNext());
  }

  @Test
  void whatANestedIteratorThrowsIsNotReplacedByWhatItsCloseThrows() {
    IllegalStateException thrown = new IllegalStateException("by next");
    IllegalArgumentException late = new IllegalArgumentException("by close");
    GeneratorIterator<Integer> i =
        generator(
                (GeneratorScope<Integer> scope) -> scope.yieldAll(() -> new Failing(thrown, late)))
            .iterator();
    assertSame(thrown, assertThrows(IllegalStateException.class, i::hasNext));
    assertEquals(List.of(late), List.of(thrown.getSuppressed()));

    GeneratorIterator<Integer> same =
        generator((GeneratorScope<Integer> scope) -> scope.yieldAll(() -> new Failing(late, late)))
            .iterator();
    assertSame(late, assertThrows(IllegalArgumentException.class, same::hasNext));
  }

  private record Failing(RuntimeException byNext, RuntimeException byClose)
      implements Iterator<Integer>, AutoCloseable {
    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public Integer next() {
      throw byNext;
    }

    @Override
    public void close() {
      throw byClose;
    }
  }

  @Test
  void theScopeIsFoundFromWhereItWasNotHandedTo() {
    List<Integer> elements =
        generator(
                (GeneratorScope<Integer> scope) -> {
                  assertSame(scope, GeneratorScope.current());
                  callback(1);
                  assertThrows(IllegalStateException.class, Yielder::current);
                  scope.yieldAll(Generator.of(nested -> callback(2)));
                })
            .stream()
            .toList();
    assertEquals(List.of(1, 2), elements);
    assertThrows(IllegalStateException.class, GeneratorScope::current);
  }

  private static void callback(int value) {
    GeneratorScope.<Integer>current().yield(value);
  }

  @Test
  void theCoroutineOfABodyIsForItsIteratorAlone() {
    AtomicReference<Coroutine<?, ?>> found = new AtomicReference<>();
    GeneratorIterator<Integer> i =
        generator(
                (GeneratorScope<Integer> scope) -> {
                  found.set(Coroutine.current().orElseThrow());
                  scope.yield(1);
                  scope.yield(2);
                })
            .iterator();
    assertEquals(1, i.next());
    Coroutine<?, ?> coroutine = found.get();
    NotResumableException e = assertThrows(NotResumableException.class, coroutine::resume);
    assertTrue(e.getMessage().contains("belongs to a generator"), e.getMessage());
    assertThrows(NotResumableException.class, () -> coroutine.raise(new IllegalStateException()));
    assertThrows(NotResumableException.class, coroutine::close);
    assertEquals(2, i.next());
    assertFalse(i.hasNext());
    assertEquals(Coroutine.State.DONE, coroutine.state());
  }

  @Test
  void aScopeIsOfNoUseElsewhereOrLater() throws Exception {
    AtomicReference<GeneratorScope<Integer>> leaked = new AtomicReference<>();
    GeneratorIterator<Integer> i =
        generator(
                (GeneratorScope<Integer> scope) -> {
                  leaked.set(scope);
                  scope.yield(1);
                })
            .iterator();
    assertEquals(1, i.next());
    // Buffered, the body has run to its end by now.
    Class<? extends RuntimeException> refusal =
        buffer == 1 ? WrongThreadException.class : IllegalStateException.class;
    assertThrows(refusal, () -> leaked.get().yield(2));
    assertThrows(refusal, () -> leaked.get().yieldAll(List.of()));
    assertFalse(i.hasNext());
    assertThrows(IllegalStateException.class, () -> leaked.get().yield(3));
  }

  @Test
  void anIteratorMayMoveFromThreadToThread() throws Exception {
    GeneratorIterator<Integer> i = upTo(20).iterator();
    for (int expected = 0; expected < 20; expected++) {
      assertEquals(expected, EngineContract.inAnotherThread(i::next));
    }
    assertFalse(i.hasNext());
  }

  @Test
  void sequencesAreZippedUpToTheShorter() {
    Generator<String> letters = generator(scope -> scope.yieldAll(List.of("a", "b", "c")));
    assertEquals(
        List.of("0a", "1b", "2c"),
        Generator.zip(upTo(5), letters, (i, s) -> i + s).on(engine).stream().toList());
    assertEquals(
        List.of("0a", "1b"),
        Generator.zip(upTo(2), letters, (i, s) -> i + s).on(engine).stream().toList());
    assertEquals(
        List.of(), Generator.zip(List.of(), letters, (i, s) -> s).on(engine).stream().toList());
  }

  /** Counts for ever, and how often it has been unwound. */
  private Generator<Integer> counting(AtomicInteger unwound) {
    return generator(
        scope -> {
          try {
            for (int i = 0; ; i++) {
              scope.yield(i);
            }
          } finally {
            unwound.incrementAndGet();
          }
        });
  }

  @Test
  void sequencesThatAreZippedOrMergedAreClosed() {
    AtomicInteger unwound = new AtomicInteger();
    Generator<Integer> endless = counting(unwound);
    assertEquals(
        List.of(0, 2, 4),
        Generator.zip(endless, upTo(3), Integer::sum).on(engine).stream().toList());
    assertEquals(1, unwound.get());
    try (Stream<Integer> sums = Generator.zip(endless, endless, Integer::sum).stream()) {
      assertEquals(List.of(0, 2), sums.limit(2).toList());
    }
    assertEquals(3, unwound.get());
    try (Stream<Integer> merged =
        Generator.merge(Comparator.<Integer>naturalOrder(), List.of(endless, upTo(2), endless))
            .stream()) {
      assertEquals(List.of(0, 0, 0, 1, 1, 1, 2, 2), merged.limit(8).toList());
    }
    assertEquals(5, unwound.get());
    assertThrows(
        IllegalStateException.class,
        () ->
            Generator.zip(
                    endless,
                    endless,
                    (a, b) -> {
                      throw new IllegalStateException();
                    })
                .iterator()
                .hasNext());
    assertEquals(7, unwound.get());
  }

  @Test
  void sortedSequencesAreMergedStably() {
    List<List<String>> sorted =
        List.of(List.of("a1", "c1", "c2"), List.of(), List.of("b3", "c3"), List.of("a4", "d4"));
    Comparator<String> byLetter = Comparator.comparingInt(s -> s.charAt(0));
    assertEquals(
        List.of("a1", "a4", "b3", "c1", "c2", "c3", "d4"),
        Generator.merge(byLetter, sorted).on(engine).stream().toList());
    assertEquals(List.of(), Generator.merge(byLetter, List.of()).on(engine).stream().toList());
    List<Generator<Integer>> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add(upTo(i));
    }
    List<Integer> merged =
        Generator.merge(Comparator.<Integer>naturalOrder(), many).on(engine).stream().toList();
    assertEquals(190, merged.size());
    assertEquals(merged.stream().sorted().toList(), merged);
  }

  @Test
  void aMergeAsksForNoMoreThanTheNextElementOfEach() {
    AtomicInteger asked = new AtomicInteger();
    Iterable<Integer> watched =
        () -> Stream.iterate(10, i -> i + 10).peek(i -> asked.incrementAndGet()).iterator();
    try (GeneratorIterator<Integer> i =
        Generator.merge(Comparator.<Integer>naturalOrder(), List.of(List.of(1, 2, 3), watched))
            .on(engine)
            .iterator()) {
      assertEquals(1, i.next());
      assertEquals(2, i.next());
      assertEquals(1, asked.get());
    }
  }

  @Test
  void aSpliteratorsCharacteristicsAreTrue() {
    Spliterator<Integer> plain = upTo(5).spliterator();
    assertEquals(Spliterator.ORDERED, plain.characteristics());
    assertEquals(Long.MAX_VALUE, plain.estimateSize());
    List<Integer> seen = new ArrayList<>();
    assertTrue(plain.tryAdvance(seen::add));
    plain.forEachRemaining(seen::add);
    assertFalse(plain.tryAdvance(seen::add));
    assertEquals(List.of(0, 1, 2, 3, 4), seen);
    Spliterator<Integer> more =
        upTo(5)
            .characteristics(Spliterator.SORTED | Spliterator.DISTINCT | Spliterator.NONNULL)
            .buffered(2)
            .spliterator();
    assertEquals(
        Spliterator.ORDERED | Spliterator.SORTED | Spliterator.DISTINCT | Spliterator.NONNULL,
        more.characteristics());
    assertNull(more.getComparator());
    assertEquals(
        Spliterator.ORDERED | Spliterator.DISTINCT,
        upTo(5).characteristics(Spliterator.DISTINCT).stream().spliterator().characteristics());
    for (int wrong :
        new int[] {
          Spliterator.SIZED, Spliterator.SUBSIZED, Spliterator.CONCURRENT, Spliterator.IMMUTABLE
        }) {
      assertThrows(IllegalArgumentException.class, () -> upTo(1).characteristics(wrong));
    }
    // What is said to be sorted isn't sorted again: the first comes before the last is made.
    AtomicInteger unwound = new AtomicInteger();
    try (Stream<Integer> endless =
        counting(unwound).characteristics(Spliterator.SORTED | Spliterator.DISTINCT).stream()) {
      assertEquals(List.of(0, 1, 2), endless.sorted().distinct().limit(3).toList());
    }
    assertEquals(1, unwound.get());
  }

  @Test
  void theNextElementMayBePeekedAt() {
    GeneratorIterator<Integer> i = upTo(3).iterator();
    for (int expected = 0; expected < 3; expected++) {
      assertEquals(expected, i.peek());
      assertTrue(i.hasNext());
      assertEquals(expected, i.peek());
      assertEquals(expected, i.next());
    }
    assertThrows(NoSuchElementException.class, i::peek);
  }

  @Test
  void aGeneratorMayBeNamedAndGivenABuildersSettings() {
    Generator<String> g = generator(scope -> scope.yield(Thread.currentThread().getName()));
    assertEquals("numbers", g.named("numbers").iterator().next());
    Coroutine.Builder builder = Coroutine.builder().engine(engine).name("built");
    assertEquals("built", g.with(builder).stackSize(256 * 1024).iterator().next());
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThrows(NullPointerException.class, () -> Generator.of(null));
    assertThrows(NullPointerException.class, () -> upTo(1).on(null));
    assertThrows(IllegalArgumentException.class, () -> upTo(1).buffered(0));
    assertThrows(IllegalArgumentException.class, () -> upTo(1).buffered(-1));
    assertThrows(IllegalArgumentException.class, () -> upTo(1).stackSize(0));
    assertThrows(IllegalArgumentException.class, () -> upTo(1).stackSize(Long.MAX_VALUE));
    assertEquals(List.of(0), upTo(1).stackSize(64 * 1024).stream().toList());
  }

  /** An iterator of nothing that notes its close, and may throw. */
  private static final class Closed implements Iterator<Integer>, AutoCloseable {
    private final AtomicInteger closes;
    private final @Nullable RuntimeException thrown;

    Closed(AtomicInteger closes, @Nullable RuntimeException thrown) {
      this.closes = closes;
      this.thrown = thrown;
    }

    private void fail() {
      if (thrown != null) {
        throw thrown;
      }
    }

    @Override
    public boolean hasNext() {
      fail();
      return false;
    }

    @Override
    public Integer next() {
      throw new NoSuchElementException();
    }

    @Override
    public void close() {
      closes.incrementAndGet();
      fail();
    }
  }

  @Test
  void howeverManyAreMergedAllAreClosed() {
    AtomicInteger closes = new AtomicInteger();
    int many = 100_000;
    List<Iterable<Integer>> sequences =
        Collections.nCopies(many, () -> new Closed(closes, /* thrown= */ null));
    Generator<Integer> merged = Generator.merge(Comparator.<Integer>naturalOrder(), sequences);
    assertEquals(List.of(), merged.on(engine).stream().toList());
    assertEquals(many, closes.get());
  }

  @Test
  void aSequenceMayThrowTheSameAgainWhereItIsClosed() {
    AtomicInteger closes = new AtomicInteger();
    IllegalStateException thrown = new IllegalStateException("the same");
    Iterable<Integer> failing = () -> new Closed(closes, thrown);
    Generator<Integer> zipped = Generator.zip(failing, failing, Integer::sum).on(engine);
    assertSame(thrown, assertThrows(IllegalStateException.class, zipped.iterator()::hasNext));
    assertEquals(2, closes.get());
  }
}
