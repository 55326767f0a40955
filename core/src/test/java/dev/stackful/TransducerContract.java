package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link Transducer} promises, whatever the engine. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class TransducerContract {
  private final Engine engine;
  private final int buffer;

  TransducerContract(Engine engine, int buffer) {
    this.engine = engine;
    this.buffer = buffer;
  }

  private <T extends @Nullable Object, R extends @Nullable Object> Transducer<T, R> transducer(
      Transducer.Body<T, R> body) {
    return Transducer.of(body).on(engine).buffered(buffer);
  }

  private static Stream<Integer> upTo(int end) {
    return IntStream.range(0, end).boxed();
  }

  /** One out for one in. */
  private Transducer<Integer, Integer> doubled() {
    return transducer(
        (source, scope) -> {
          while (source.hasNext()) {
            scope.yield(2 * source.next());
          }
        });
  }

  /** As many out as the element says. */
  private Transducer<Integer, Integer> repeated() {
    return transducer(
        (source, scope) -> {
          while (source.hasNext()) {
            int element = source.next();
            for (int i = 0; i < element; i++) {
              scope.yield(element);
            }
          }
        });
  }

  /** Windows of three, the last one shorter. */
  private Transducer<Integer, List<Integer>> windows() {
    return transducer(
        (source, scope) -> {
          while (source.hasNext()) {
            List<Integer> window = new ArrayList<>();
            while (window.size() < 3 && source.hasNext()) {
              window.add(source.next());
            }
            scope.yield(window);
          }
        });
  }

  @Test
  void itIsALoopInsideAPipeline() {
    for (int size = 0; size < 20; size++) {
      assertEquals(upTo(size).map(i -> 2 * i).toList(), upTo(size).gather(doubled()).toList());
      assertEquals(
          upTo(size).gather(Gatherers.windowFixed(3)).toList(),
          upTo(size).gather(windows()).toList());
      assertEquals(
          upTo(size).flatMap(i -> Stream.generate(() -> i).limit(i)).toList(),
          upTo(size).gather(repeated()).toList());
    }
  }

  @Test
  void itMayBeUsedAgainAndComposed() {
    Transducer<Integer, Integer> doubled = doubled();
    for (int i = 0; i < 3; i++) {
      assertEquals(
          List.of(List.of(0, 4, 8), List.of(12)),
          upTo(4).gather(doubled.andThen(doubled).andThen(windows())).toList());
      assertEquals(
          List.of(0, 4, 8, 12), upTo(4).gather(doubled).gather(doubled).map(n -> n).toList());
    }
  }

  @Test
  void theBodyMayYieldBeforeAndAfterItsInput() {
    Transducer<Integer, String> framed =
        transducer(
            (source, scope) -> {
              scope.yieldAll(List.of("begin", "again"));
              while (source.hasNext()) {
                scope.yield(source.next().toString());
              }
              for (int i = 0; i < 5; i++) {
                scope.yield("end");
              }
            });
    assertEquals(
        List.of("begin", "again", "0", "1", "end", "end", "end", "end", "end"),
        upTo(2).gather(framed).toList());
    assertEquals(
        List.of("begin", "again", "end", "end", "end", "end", "end"),
        upTo(0).gather(framed).toList());
    assertEquals(List.of("begin", "again", "0"), upTo(9).gather(framed).limit(3).toList());
  }

  @Test
  void aBodyThatReturnsEarlyAsksForNoMore() {
    AtomicInteger asked = new AtomicInteger();
    Transducer<Integer, Integer> firstTwo =
        transducer(
            (source, scope) -> {
              scope.yield(source.next());
              scope.yield(source.next());
            });
    assertEquals(
        List.of(1, 2),
        Stream.generate(asked::incrementAndGet).gather(firstTwo).toList(),
        "an endless stream");
    assertTrue(asked.get() <= 2 + buffer, asked::toString);
    Transducer<Integer, Integer> none = transducer((source, scope) -> {});
    assertEquals(List.of(), Stream.generate(asked::incrementAndGet).gather(none).toList());
    Transducer<Integer, Integer> never =
        transducer((source, scope) -> scope.yieldAll(List.of(7, 8, 9)));
    assertEquals(List.of(7, 8, 9), upTo(100).gather(never).toList());
    assertEquals(List.of(7, 8, 9), upTo(0).gather(never).toList());
  }

  @Test
  void aStageBehindThatWantsNoMoreUnwindsTheBody() {
    AtomicInteger unwound = new AtomicInteger();
    AtomicInteger yielded = new AtomicInteger();
    Transducer<Integer, Integer> endless =
        transducer(
            (source, scope) -> {
              try {
                source.next();
                while (true) {
                  scope.yield(yielded.incrementAndGet());
                }
              } finally {
                unwound.incrementAndGet();
              }
            });
    assertEquals(List.of(1, 2, 3), upTo(5).gather(endless).limit(3).toList());
    assertEquals(1, unwound.get());
    assertTrue(yielded.get() <= 3 + buffer, yielded::toString);
    int before = yielded.get();
    assertEquals(before + 1, upTo(5).gather(endless).findFirst().orElseThrow());
    assertEquals(2, unwound.get());
    Transducer<Integer, Integer> waiting =
        transducer(
            (source, scope) -> {
              try {
                while (source.hasNext()) {
                  scope.yield(source.next());
                }
              } finally {
                unwound.incrementAndGet();
              }
            });
    assertEquals(List.of(0, 1), upTo(100).gather(waiting).limit(2).toList());
    assertEquals(3, unwound.get());
  }

  @Test
  void whatTheBodyThrowsComesOutOfTheStreamAfterWhatItYielded() {
    IllegalStateException thrown = new IllegalStateException("by the body");
    Exception checked = new Exception("checked");
    List<Integer> seen = new ArrayList<>();
    Transducer<Integer, Integer> failing =
        transducer(
            (source, scope) -> {
              scope.yield(source.next());
              scope.yield(source.next());
              throw thrown;
            });
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class, () -> upTo(9).gather(failing).forEach(seen::add)));
    assertEquals(List.of(0, 1), seen);
    Transducer<Integer, Integer> failingAtTheEnd =
        transducer(
            (source, scope) -> {
              source.forEachRemaining(i -> {});
              throw checked;
            });
    assertSame(
        checked,
        assertThrows(CoroutineException.class, () -> upTo(9).gather(failingAtTheEnd).toList())
            .getCause());
  }

  @Test
  void aBodyMayReadPastTheEndAndThrowsIfItLetsThatOut() {
    Transducer<Integer, Integer> pairs =
        transducer(
            (source, scope) -> {
              while (source.hasNext()) {
                scope.yield(source.next() + source.next());
              }
            });
    assertEquals(List.of(1, 5), upTo(4).gather(pairs).toList());
    List<Integer> seen = new ArrayList<>();
    assertThrows(NoSuchElementException.class, () -> upTo(5).gather(pairs).forEach(seen::add));
    assertEquals(List.of(1, 5), seen);
  }

  @Test
  void whatTheBodyThrowsAheadOfWhatIsWantedIsDropped() {
    AtomicInteger ended = new AtomicInteger();
    Transducer<Integer, Integer> failing =
        transducer(
            (source, scope) -> {
              try {
                scope.yield(source.next());
                scope.yield(source.next());
                throw new IllegalStateException("by the body");
              } finally {
                ended.incrementAndGet();
              }
            });
    assertEquals(0, upTo(9).gather(failing).findFirst().orElseThrow());
    assertEquals(List.of(0, 1), upTo(9).gather(failing).limit(2).toList());
    assertEquals(2, ended.get());
  }

  @Test
  void withoutABufferAnElementIsOnItsWayWhileTheBodyStandsAtItsYield() {
    Transducer<Integer, AtomicInteger> reusing =
        transducer(
            (source, scope) -> {
              while (source.hasNext()) {
                AtomicInteger element = new AtomicInteger(source.next());
                scope.yield(element);
                element.set(-1);
              }
            });
    assertEquals(
        List.of(0, 1, 2), upTo(3).gather(reusing.buffered(1)).map(AtomicInteger::get).toList());
  }

  @Test
  void aBodyThatIsBeingClosedYieldsAndTakesNoMore() {
    List<Object> refused = new ArrayList<>();
    Transducer<Integer, Integer> stubborn =
        transducer(
            (source, scope) -> {
              try {
                while (true) {
                  scope.yield(source.next());
                }
              } finally {
                try {
                  scope.yield(-1);
                } catch (ForcedUnwind u) {
                  refused.add(u);
                }
              }
            });
    assertEquals(List.of(0, 1), upTo(100).gather(stubborn).limit(2).toList());
    assertEquals(1, refused.size());
  }

  @Test
  void aStageBehindThatThrowsUnwindsTheBody() {
    IllegalStateException thrown = new IllegalStateException("behind");
    AtomicInteger unwound = new AtomicInteger();
    Transducer<Integer, Integer> copy =
        transducer(
            (source, scope) -> {
              try {
                while (source.hasNext()) {
                  scope.yield(source.next());
                }
              } finally {
                unwound.incrementAndGet();
              }
            });
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class,
            () ->
                upTo(100)
                    .gather(copy)
                    .forEach(
                        i -> {
                          if (i == 2) {
                            throw thrown;
                          }
                        })));
    assertEquals(1, unwound.get());
  }

  @Test
  void nullsPassBothWays() {
    Transducer<@Nullable Integer, @Nullable Integer> copy =
        transducer(
            (source, scope) -> {
              while (source.hasNext()) {
                scope.yield(source.next());
              }
            });
    assertEquals(Arrays.asList(null, 1, null), Stream.of(null, 1, null).gather(copy).toList());
  }

  @Test
  void aParallelStreamIsInOrderHere() {
    assertEquals(
        upTo(10_000).map(i -> 2 * i).toList(),
        IntStream.range(0, 10_000).parallel().boxed().gather(doubled()).toList());
  }

  @Test
  void aScopeAndASourceAreOfNoUseLater() {
    AtomicReference<GeneratorScope<Integer>> scopes = new AtomicReference<>();
    AtomicReference<PeekableIterator<Integer>> sources = new AtomicReference<>();
    Transducer<Integer, Integer> leaking =
        transducer(
            (source, scope) -> {
              scopes.set(scope);
              sources.set(source);
            });
    assertEquals(0, upTo(3).gather(leaking).count());
    assertThrows(IllegalStateException.class, () -> scopes.get().yield(1));
    assertThrows(IllegalStateException.class, () -> scopes.get().yieldAll(List.of()));
    assertThrows(IllegalStateException.class, () -> sources.get().hasNext());
  }

  @Test
  void itMayBeNamedAndGivenABuildersSettings() {
    Transducer<Integer, String> name =
        transducer((source, scope) -> scope.yield(Thread.currentThread().getName()));
    assertEquals(List.of("stage"), upTo(1).gather(name.named("stage")).toList());
    Coroutine.Builder builder = Coroutine.builder().engine(engine).name("built");
    assertEquals(List.of("built"), upTo(1).gather(name.with(builder)).toList());
    assertThrows(IllegalArgumentException.class, () -> name.buffered(0));
  }

  private static void fail(String message) {
    throw new IllegalStateException(message);
  }

  @Test
  void whatTheBodyThrewIsKeptWhereALaterStageThrowsToo() {
    Transducer<Integer, Integer> failing =
        transducer(
            (source, scope) -> {
              try {
                scope.yield(source.next());
              } finally {
                fail("the body's");
              }
            });
    Stream<Integer> stream =
        upTo(2)
            .gather(failing)
            .peek(
                element -> {
                  throw new IllegalArgumentException("the later stage's");
                });
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, stream::toList);
    assertEquals("the body's", e.getSuppressed()[0].getMessage());
  }
}
