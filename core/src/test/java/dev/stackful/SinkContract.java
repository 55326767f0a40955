package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link Sink} promises, whatever the engine. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class SinkContract {
  private final Engine engine;
  private final int buffer;

  SinkContract(Engine engine, int buffer) {
    this.engine = engine;
    this.buffer = buffer;
  }

  <T extends @Nullable Object, R extends @Nullable Object> Sink<T, R> sink(Sink.Body<T, R> body) {
    Sink<T, R> sink = Sink.of(body).on(engine);
    return buffer == 1 ? sink : sink.buffered(buffer);
  }

  /** Takes all there is. */
  private static <T extends @Nullable Object> List<T> listOf(Iterator<T> source) {
    List<T> taken = new ArrayList<>();
    source.forEachRemaining(taken::add);
    return taken;
  }

  private Sink<Integer, List<Integer>> list() {
    return sink(source -> listOf(source));
  }

  /** Pushes more than any buffer holds, and stops when the body has ended. */
  private static void pushMany(SinkRun<Integer, ?> run) {
    for (int i = 0; i < 100 && !run.isDone(); i++) {
      run.accept(i);
    }
  }

  @Test
  void theBodyTakesWhatIsPushedInOrderAndReturns() {
    try (SinkRun<Integer, List<Integer>> run = list().open()) {
      for (int i = 0; i < 100; i++) {
        run.accept(i);
      }
      assertFalse(run.isDone());
      assertEquals(IntStream.range(0, 100).boxed().toList(), run.finish());
      assertTrue(run.isDone());
    }
  }

  @Test
  void anElementIsTakenBeforeAcceptReturnsUnlessItIsBuffered() {
    List<Integer> taken = new ArrayList<>();
    Sink<Integer, Integer> sink =
        sink(
            source -> {
              source.forEachRemaining(taken::add);
              return taken.size();
            });
    try (SinkRun<Integer, Integer> run = sink.open()) {
      for (int i = 1; i <= 20; i++) {
        run.accept(i);
        assertEquals(i / buffer * buffer, taken.size());
      }
      run.flush();
      assertEquals(20, taken.size());
      run.flush();
      assertEquals(20, run.finish());
    }
  }

  @Test
  void everyRunStartsTheBodyAfreshAndNotBeforeTheFirstElement() {
    AtomicInteger starts = new AtomicInteger();
    Sink<Integer, Integer> sink =
        sink(
            source -> {
              int number = starts.incrementAndGet();
              source.forEachRemaining(i -> {});
              return number;
            });
    SinkRun<Integer, Integer> one = sink.open();
    SinkRun<Integer, Integer> two = sink.open();
    assertEquals(0, starts.get());
    assertEquals(1, two.finish());
    one.accept(1);
    assertEquals(2, one.finish());
  }

  @Test
  void finishGivesTheResultAgain() {
    SinkRun<Integer, List<Integer>> run = list().open();
    run.accept(1);
    assertSame(run.finish(), run.finish());
    run.close();
    assertEquals(List.of(1), run.finish());
  }

  @Test
  void nullIsAnElementAndAResultLikeAnyOther() {
    Sink<@Nullable String, @Nullable Void> sink =
        sink(
            source -> {
              assertEquals(Arrays.asList(null, "", null), listOf(source));
              return null;
            });
    try (SinkRun<@Nullable String, @Nullable Void> run = sink.open()) {
      run.accept(null);
      run.accept("");
      run.accept(null);
      assertNull(run.finish());
    }
  }

  @Test
  void theBodyPeeksAndAsksAsOftenAsItLikes() {
    Sink<Integer, String> sink =
        sink(
            source -> {
              StringBuilder seen = new StringBuilder();
              assertEquals(source.hasNext(), source.hasNext());
              while (source.hasNext()) {
                int peeked = source.peek();
                seen.append(peeked).append(source.peek()).append(source.next()).append(' ');
              }
              assertFalse(source.hasNext());
              assertThrows(NoSuchElementException.class, source::next);
              assertThrows(NoSuchElementException.class, source::peek);
              assertFalse(source.hasNext());
              return seen.toString();
            });
    try (SinkRun<Integer, String> run = sink.open()) {
      run.accept(1);
      run.accept(2);
      assertEquals("111 222 ", run.finish());
    }
  }

  @Test
  void aBodyMayReadPastTheEndAndThrowsIfItLetsThatOut() {
    Sink<Integer, Integer> sink = sink(source -> source.next() + source.next());
    SinkRun<Integer, Integer> run = sink.open();
    run.accept(1);
    assertThrows(NoSuchElementException.class, run::finish);
    assertTrue(run.isDone());
  }

  @Test
  void aBodyThatReturnsAtOnceTakesNothing() {
    SinkRun<Integer, String> run = sink((PeekableIterator<Integer> source) -> "early").open();
    pushMany(run);
    assertTrue(run.isDone());
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> run.accept(3));
    assertTrue(e.getMessage().contains("isDone"), e.getMessage());
    assertThrows(IllegalStateException.class, run::flush);
    assertEquals("early", run.finish());
    assertEquals("early", run.fail(new IOException("too late")));
    assertEquals("early", sink((PeekableIterator<Integer> source) -> "early").open().finish());
  }

  @Test
  void aBodyMayReturnBeforeTheEnd() {
    SinkRun<Integer, Integer> run =
        sink((PeekableIterator<Integer> source) -> source.next() + source.next()).open();
    run.accept(10);
    run.accept(20);
    pushMany(run);
    assertEquals(30, run.finish());
  }

  @Test
  void whatTheBodyThrowsComesOutOfTheAcceptThatRanIt() {
    ArithmeticException thrown = new ArithmeticException("by the body");
    SinkRun<Integer, String> run =
        this.<Integer, String>sink(
                source -> {
                  source.next();
                  throw thrown;
                })
            .open();
    assertSame(thrown, assertThrows(ArithmeticException.class, () -> pushMany(run)));
    assertTrue(run.isDone());
    assertSame(thrown, assertThrows(IllegalStateException.class, () -> run.accept(2)).getCause());
    assertSame(thrown, assertThrows(IllegalStateException.class, run::finish).getCause());
    run.close();
    assertSame(thrown, assertThrows(IllegalStateException.class, run::finish).getCause());
  }

  @Test
  void whatTheBodyThrowsComesOutOfFinish() {
    Exception checked = new Exception("checked");
    SinkRun<Integer, String> run =
        this.<Integer, String>sink(
                source -> {
                  source.forEachRemaining(i -> {});
                  throw checked;
                })
            .open();
    run.accept(1);
    assertSame(checked, assertThrows(CoroutineException.class, run::finish).getCause());
  }

  @Test
  void closeUnwindsTheBody() {
    AtomicInteger unwound = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    SinkRun<Integer, String> run =
        sink((PeekableIterator<Integer> source) -> {
              try {
                source.forEachRemaining(i -> taken.incrementAndGet());
                return "all";
              } finally {
                unwound.incrementAndGet();
              }
            })
            .open();
    for (int i = 0; i < buffer; i++) {
      run.accept(i);
    }
    run.close();
    assertEquals(1, unwound.get());
    assertEquals(buffer, taken.get());
    assertTrue(run.isDone());
    assertThrows(IllegalStateException.class, () -> run.accept(1));
    assertThrows(IllegalStateException.class, run::flush);
    assertThrows(IllegalStateException.class, run::finish);
    run.close();
    assertEquals(1, unwound.get());
  }

  @Test
  void aRunThatIsClosedBeforeItsFirstElementRunsNothing() {
    AtomicInteger runs = new AtomicInteger();
    SinkRun<Integer, Integer> run =
        sink((PeekableIterator<Integer> source) -> runs.incrementAndGet()).open();
    run.close();
    assertTrue(run.isDone());
    assertThrows(IllegalStateException.class, () -> run.accept(1));
    assertThrows(IllegalStateException.class, run::finish);
    assertEquals(0, runs.get());
  }

  @Test
  void anInputThatFailsIsNotTakenForOneThatEnds() {
    IOException broken = new IOException("connection reset");
    SinkRun<Integer, List<Integer>> run = list().open();
    run.accept(1);
    assertSame(broken, assertThrows(CoroutineException.class, () -> run.fail(broken)).getCause());
    assertTrue(run.isDone());
  }

  @Test
  void theBodyMayCatchItsInputsFailure() {
    List<Integer> taken = new ArrayList<>();
    IllegalStateException broken = new IllegalStateException("connection reset");
    SinkRun<Integer, String> run =
        sink((PeekableIterator<Integer> source) -> {
              try {
                source.forEachRemaining(taken::add);
                return "whole";
              } catch (IllegalStateException e) {
                assertSame(broken, e);
                assertSame(broken, assertThrows(IllegalStateException.class, source::hasNext));
                return "in part";
              }
            })
            .open();
    run.accept(1);
    run.accept(2);
    assertEquals("in part", run.fail(broken));
    assertEquals(List.of(1, 2), taken);
    assertThrows(NullPointerException.class, () -> list().open().fail(null));
  }

  @Test
  void aBodyCannotPushToItsOwnInput() {
    AtomicReference<SinkRun<Integer, Integer>> own = new AtomicReference<>();
    own.set(
        sink((PeekableIterator<Integer> source) -> {
              assertThrows(NotResumableException.class, () -> own.get().accept(7));
              assertThrows(IllegalStateException.class, () -> own.get().flush());
              assertThrows(IllegalStateException.class, () -> own.get().finish());
              int sum = 0;
              while (source.hasNext()) {
                sum += source.next();
              }
              return sum;
            })
            .open());
    own.get().accept(1);
    own.get().accept(2);
    assertEquals(3, own.get().finish());
  }

  @Test
  void aBodyThatClosesItsOwnRunIsUnwoundWhereItWaitsNext() {
    AtomicReference<SinkRun<Integer, String>> own = new AtomicReference<>();
    AtomicInteger unwound = new AtomicInteger();
    own.set(
        sink((PeekableIterator<Integer> source) -> {
              try {
                source.next();
                assertThrows(NotResumableException.class, () -> own.get().close());
                source.forEachRemaining(i -> {});
                return "went on";
              } finally {
                unwound.incrementAndGet();
              }
            })
            .open());
    pushMany(own.get());
    assertTrue(own.get().isDone());
    assertEquals(1, unwound.get());
    assertThrows(IllegalStateException.class, own.get()::finish);
  }

  @Test
  void aRunIsNobodyElsesToResume() {
    AtomicReference<Coroutine<?, ?>> found = new AtomicReference<>();
    try (SinkRun<Integer, Integer> run =
        sink((PeekableIterator<Integer> source) -> {
              found.set(Coroutine.current().orElseThrow());
              assertThrows(IllegalStateException.class, Yielder::current);
              source.forEachRemaining(i -> {});
              return 1;
            })
            .open()) {
      for (int i = 0; i < buffer; i++) {
        run.accept(i);
      }
      assertThrows(NotResumableException.class, () -> found.get().resume());
      assertEquals(1, run.finish());
    }
  }

  @Test
  void aSourceIsOfNoUseElsewhereOrLater() throws Exception {
    AtomicReference<PeekableIterator<Integer>> leaked = new AtomicReference<>();
    SinkRun<Integer, List<Integer>> run =
        sink((PeekableIterator<Integer> source) -> {
              leaked.set(source);
              return listOf(source);
            })
            .open();
    for (int i = 0; i < buffer; i++) {
      run.accept(i);
    }
    assertThrows(WrongThreadException.class, () -> leaked.get().hasNext());
    assertThrows(WrongThreadException.class, () -> leaked.get().next());
    assertThrows(WrongThreadException.class, () -> leaked.get().peek());
    assertEquals(buffer, run.finish().size());
    assertThrows(IllegalStateException.class, () -> leaked.get().hasNext());
    assertThrows(IllegalStateException.class, () -> leaked.get().next());
  }

  @Test
  void theBodySeesAndChangesThePushersThreadLocalsUnlessItIsToldNotTo() {
    ThreadLocal<String> user = ThreadLocal.withInitial(() -> "nobody");
    Sink<Integer, String> sink =
        sink(
            source -> {
              source.forEachRemaining(i -> {});
              String seen = user.get();
              user.set("set by the body");
              return seen;
            });
    user.set("ann");
    assertEquals("ann", sink.open().finish());
    assertEquals("set by the body", user.get());
    Coroutine.Builder own = Coroutine.builder().engine(engine).context(Coroutine.Context.OWN);
    assertEquals("nobody", sink.with(own).open().finish());
  }

  @Test
  void aRunMayMoveFromThreadToThread() throws Exception {
    SinkRun<Integer, List<Integer>> run = list().open();
    for (int i = 0; i < 20; i++) {
      int element = i;
      EngineContract.inAnotherThread(
          () -> {
            run.accept(element);
            return "";
          });
    }
    assertEquals(IntStream.range(0, 20).boxed().toList(), run.finish());
  }

  @Test
  void sinksNest() {
    // Each level halves what it gets and pushes the sums on, to the one below.
    int depth = 5;
    Sink<Integer, Integer> sink = sink(source -> source.hasNext() ? source.next() : -1);
    for (int i = 0; i < depth; i++) {
      Sink<Integer, Integer> below = sink;
      sink =
          sink(
              source -> {
                try (SinkRun<Integer, Integer> run = below.open()) {
                  while (source.hasNext()) {
                    int pair = source.next() + source.next();
                    if (!run.isDone()) {
                      run.accept(pair);
                    }
                  }
                  return run.finish();
                }
              });
    }
    try (SinkRun<Integer, Integer> run = sink.open()) {
      for (int i = 0; i < 1 << depth; i++) {
        run.accept(1);
      }
      assertEquals(1 << depth, run.finish());
    }
  }

  @Test
  void aStreamIsCollectedByASink() {
    assertEquals(
        List.of(0, 2, 4),
        IntStream.range(0, 6).filter(i -> i % 2 == 0).boxed().collect(list().collector()));
    assertEquals(List.of(), Stream.<Integer>of().collect(list().collector()));
    Sink<Integer, Integer> first = sink(source -> source.next());
    assertEquals(7, IntStream.range(7, 1000).boxed().collect(first.collector()));
  }

  @Test
  void aParallelStreamIsRefused() {
    UnsupportedOperationException e =
        assertThrows(
            UnsupportedOperationException.class,
            () -> IntStream.range(0, 1000).boxed().parallel().collect(list().collector()));
    assertTrue(e.getMessage().contains("sequential()"), e.getMessage());
  }

  @Test
  void aBodyMayBeNamed() {
    SinkRun<Integer, String> run =
        sink((PeekableIterator<Integer> source) -> Thread.currentThread().getName())
            .named("orders")
            .open();
    assertEquals("orders", run.finish());
    assertTrue(
        assertThrows(IllegalStateException.class, () -> run.accept(1))
            .getMessage()
            .contains("orders"));
  }

  @Test
  void aBuilderGivesARecipeAllOfItsSettings() {
    Coroutine.Builder builder =
        Coroutine.builder().engine(engine).name("built").stackSize(512 * 1024);
    Sink<Integer, String> sink =
        Sink.<Integer, String>of(source -> Thread.currentThread().getName()).with(builder);
    builder.name("changed later");
    assertEquals("built", sink.open().finish());
    assertEquals("built", sink.stackSize(256 * 1024).buffered(3).open().finish());
  }
}
