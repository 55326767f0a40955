package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.internal.os.Isa;
import dev.stackful.testing.CompiledC;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled C on stacks of its own: what it does there, and how it is interleaved with others. */
final class ForeignCoroutineFunctionsTest {
  private static final FunctionDescriptor OF_YIELD = FunctionDescriptor.of(JAVA_LONG, ADDRESS);
  private static final FunctionDescriptor OF_YIELD_AND_LONG =
      FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG);

  private final ForeignCoroutine c = ForeignCoroutine.ofConfined();

  @AfterEach
  void close() {
    c.close();
  }

  private static void startCounting(ForeignCoroutine counter, long limit) {
    counter.start(
        CompiledC.function("count_up"), OF_YIELD_AND_LONG, counter.yielder().function(), limit);
  }

  private static void countUp(ForeignCoroutine counter, long limit) {
    ForeignCallback yield = counter.yielder();
    startCounting(counter, limit);
    long sum = 0;
    for (long i = 0; i < limit; i++) {
      assertTrue(counter.resume());
      assertSame(yield, counter.called());
      assertEquals(i, yield.getLong(0));
      yield.answer(3 * i);
      sum += 3 * i;
    }
    assertFalse(counter.resume());
    assertEquals(sum, counter.result());
  }

  // ---- yield and return ----------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void yieldsAndReturns(boolean critical) {
    ForeignCoroutine.Builder builder = ForeignCoroutine.builder();
    try (ForeignCoroutine counter = critical ? builder.critical().build() : builder.build()) {
      countUp(counter, 1000);
    }
  }

  @Test
  void anUnansweredYieldReturnsZero() {
    startCounting(c, 4);
    assertTrue(c.resume());
    assertTrue(c.resume(5));
    assertTrue(c.resume());
    assertTrue(c.resume(7));
    assertFalse(c.resume());
    assertEquals(12L, c.result());
  }

  @Test
  void theStackIsUsedAgainForTheNextFunction() {
    long first = addressOnStack();
    countUp(c, 10);
    assertEquals(first, addressOnStack());
    countUp(c, 10);
  }

  private long addressOnStack() {
    c.start(CompiledC.function("stack_address"), FunctionDescriptor.of(JAVA_LONG));
    assertFalse(c.resume());
    return (long) c.result();
  }

  @Test
  void aFunctionWithoutACallbackRunsThrough() {
    c.start(
        Linker.nativeLinker().defaultLookup().find("labs").orElseThrow(),
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG),
        -5L);
    assertEquals(ForeignCoroutine.State.SUSPENDED, c.state());
    assertFalse(c.resume());
    assertTrue(c.isDone());
    assertEquals(5L, c.result());
  }

  // ---- the stack -----------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(longs = {64 * 1024, 1024 * 1024, 64 * 1024 * 1024})
  void recursionIsAsDeepAsTheStackAllows(long stackBytes) {
    long depth = stackBytes / 300; // a frame has 100 bytes and what the compiler adds
    try (ForeignCoroutine deep = ForeignCoroutine.builder().stackSize(stackBytes).build()) {
      for (int i = 0; i < 2; i++) {
        deep.start(
            CompiledC.function("recurse"), OF_YIELD_AND_LONG, deep.yielder().function(), depth);
        assertTrue(deep.resume());
        assertFalse(deep.resume(100));
        assertEquals(101 + depth, deep.result());
      }
    }
  }

  @Test
  void aLongjmpWithinTheStackWorks() {
    c.start(
        CompiledC.function("jump"),
        FunctionDescriptor.of(JAVA_INT, ADDRESS),
        c.yielder().function());
    for (long expected = 1; expected <= 2; expected++) {
      assertTrue(c.resume());
      assertEquals(expected, c.yielder().getLong(0));
    }
    assertFalse(c.resume());
    assertEquals(42, c.result());
  }

  /** The frames are those of the C functions and the trampoline; beyond it there is nothing. */
  @Test
  void backtraceEndsAtTheBase() {
    int frames = countFrames(0);
    assertEquals(2, frames, "the function and the trampoline");
    assertEquals(12, countFrames(10));
  }

  private int countFrames(int depth) {
    c.start(CompiledC.function("count_frames"), FunctionDescriptor.of(JAVA_INT, JAVA_INT), depth);
    assertFalse(c.resume());
    return (int) c.result();
  }

  @Test
  void theChainOfFramePointersEndsAtTheBase() {
    c.start(CompiledC.function("count_frame_pointers"), FunctionDescriptor.of(JAVA_INT));
    assertFalse(c.resume());
    assertEquals(1, c.result());
  }

  @Test
  void aRoundingModeIsTheCoroutinesOwn() {
    double inJava = 1.0 / 3;
    try (ForeignCoroutine upward = ForeignCoroutine.ofConfined()) {
      startThird(upward, upward());
      startThird(c, 0);
      for (ForeignCoroutine one : List.of(upward, c)) {
        assertTrue(one.resume());
        assertEquals(inJava, 1 / Double.parseDouble("3"));
      }
      assertFalse(upward.resume());
      assertFalse(c.resume());
      assertEquals(Math.nextUp(inJava), upward.result());
      assertEquals(inJava, c.result());
    }
  }

  @Test
  void aNewFunctionLeavesItsOwnersRoundingModeAsItIsNow() throws Throwable {
    onAThreadThatChangesItsRounding(
        Thread.ofPlatform(),
        setRounding -> {
          try (ForeignCoroutine one = ForeignCoroutine.ofConfined()) {
            for (int mode : new int[] {0, upward()}) {
              setRounding.accept(mode);
              startThird(one, 0);
              assertTrue(one.resume());
              assertRounds(mode);
              assertFalse(one.resume());
              assertRounds(mode);
              setRounding.accept(0);
              assertEquals(1.0 / 3, one.result());
            }
          }
        });
  }

  @Test
  void oneOfAVirtualThreadKeepsItsRoundingModeOnEachCarrier() throws Throwable {
    onAThreadThatChangesItsRounding(
        Thread.ofVirtual(),
        setRounding -> {
          try (ForeignCoroutine one = ForeignCoroutine.ofConfined()) {
            startThird(one, 0);
            assertTrue(one.resume());
            setRounding.accept(upward()); // as if the carrier were another
            assertFalse(one.resume());
            assertRounds(upward());
            setRounding.accept(0);
            assertEquals(1.0 / 3, one.result());
          }
        });
  }

  @Test
  void aSharedOneKeepsItsRoundingModeWhicheverThreadResumes() throws Throwable {
    try (ForeignCoroutine shared = ForeignCoroutine.ofShared()) {
      startThird(shared, 0);
      assertTrue(shared.resume());
      onAThreadThatChangesItsRounding(
          Thread.ofPlatform(),
          setRounding -> {
            setRounding.accept(upward());
            boolean waits = shared.resume();
            assertRounds(upward());
            setRounding.accept(0);
            assertFalse(waits);
          });
      assertEquals(1.0 / 3, shared.result());
    }
  }

  /** Other threads must not go on in another mode than the JVM's. */
  private static void onAThreadThatChangesItsRounding(
      Thread.Builder thread, Consumer<IntConsumer> body) throws Throwable {
    MethodHandle setRounding =
        Linker.nativeLinker()
            .downcallHandle(
                CompiledC.function("set_rounding"), FunctionDescriptor.ofVoid(JAVA_INT));
    FutureTask<Object> task =
        new FutureTask<>(
            () -> {
              body.accept(
                  mode -> {
                    try {
                      setRounding.invokeExact(mode);
                    } catch (Throwable t) {
                      throw new AssertionError(t);
                    }
                  });
              return null;
            });
    thread.start(task);
    try {
      task.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  private static void assertRounds(int mode) {
    double third = 1.0 / 3;
    assertEquals(mode == 0 ? third : Math.nextUp(third), 1 / Double.parseDouble("3"));
  }

  private static void startThird(ForeignCoroutine one, int mode) {
    one.start(
        CompiledC.function("third"),
        FunctionDescriptor.of(JAVA_DOUBLE, ADDRESS, JAVA_INT),
        one.yielder().function(),
        mode);
  }

  /** FE_UPWARD of fenv.h. */
  private static int upward() {
    return Isa.require() == Isa.AMD64 ? 0x800 : 0x400000;
  }

  // ---- several -------------------------------------------------------------------------------

  @Test
  void twoAreInterleaved() {
    try (ForeignCoroutine other = ForeignCoroutine.builder().critical().build()) {
      startCounting(c, 100);
      startCounting(other, 50);
      for (long i = 0; i < 100; i++) {
        assertTrue(i == 0 ? c.resume() : c.resume(1));
        assertEquals(i, c.yielder().getLong(0));
        assertEquals(i < 50, other.state() != ForeignCoroutine.State.DONE && other.resume());
        if (i < 50) {
          assertEquals(i, other.yielder().getLong(0));
        }
      }
      assertFalse(c.resume(1));
      assertEquals(100L, c.result());
      assertEquals(0L, other.result());
    }
  }

  /** One sorts; each comparison is another's whole life. */
  @Test
  void nestedOnesRunWhileOthersWaitInTheirCallbacks() {
    try (Arena arena = Arena.ofConfined();
        ForeignCoroutine inner = ForeignCoroutine.ofConfined()) {
      MemorySegment numbers = arena.allocateFrom(JAVA_LONG, 5, 3, 9, 1, 7);
      ForeignCallback compare =
          c.callback(
              FunctionDescriptor.of(
                  JAVA_INT,
                  ADDRESS.withTargetLayout(JAVA_LONG),
                  ADDRESS.withTargetLayout(JAVA_LONG)));
      c.start(
          Linker.nativeLinker().defaultLookup().find("qsort").orElseThrow(),
          FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS),
          numbers,
          numbers.byteSize() / Long.BYTES,
          (long) Long.BYTES,
          compare.function());
      int comparisons = 0;
      while (c.resume()) {
        long left = compare.getSegment(0).get(JAVA_LONG, 0);
        long right = compare.getSegment(1).get(JAVA_LONG, 0);
        countUp(inner, left);
        compare.answer(Long.compare(left, right));
        comparisons++;
      }
      assertNull(c.result());
      assertTrue(comparisons >= 4, "comparisons: " + comparisons);
      assertArrayEquals(new long[] {1, 3, 5, 7, 9}, numbers.toArray(JAVA_LONG));
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aCoroutineOfJavaPullsFromOne(Engine engine) {
    List<Long> seen = new ArrayList<>();
    try (Coroutine<Object, Object> java =
        Coroutine.builder()
            .engine(engine)
            .build(
                (self, first) -> {
                  try (ForeignCoroutine own = ForeignCoroutine.ofConfined()) {
                    startCounting(own, 10);
                    while (own.resume()) {
                      self.yield(own.yielder().getLong(0));
                    }
                    return own.result();
                  }
                })) {
      for (long i = 0; i < 10; i++) {
        seen.add((Long) java.resume(""));
      }
      assertEquals(0L, java.resume(""));
    }
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), seen);
  }

  @Test
  void aSharedOneGoesOnInOtherThreads() throws Exception {
    try (ForeignCoroutine shared = ForeignCoroutine.ofShared();
        ExecutorService platform = Executors.newSingleThreadExecutor();
        ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      startCounting(shared, 300);
      for (long i = 0; i < 100; i++) {
        assertTrue(shared.resume());
        assertTrue(platform.submit(() -> shared.resume(1)).get());
        assertTrue(virtual.submit(() -> shared.resume(1)).get());
        assertEquals(3 * i + 2, shared.yielder().getLong(0));
      }
      assertFalse(shared.resume());
      assertEquals(200L, shared.result());
    }
  }

  // ---- two callbacks -------------------------------------------------------------------------

  @Test
  void severalCallbacksAreToldApart() {
    ForeignCallback begin = c.callback(FunctionDescriptor.ofVoid(JAVA_INT));
    ForeignCallback end = c.callback(FunctionDescriptor.ofVoid(JAVA_INT));
    ForeignCallback data = c.callback(FunctionDescriptor.of(ADDRESS, JAVA_BYTE));
    StringBuilder seen = new StringBuilder();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom("a(b(cd)e)f");
      startParsing(text, begin, end, data);
      while (c.resume()) {
        ForeignCallback called = c.called();
        if (called == begin) {
          seen.append('<').append(begin.getInt(0)).append('>');
        } else if (called == end) {
          seen.append("</").append(end.getInt(0)).append('>');
        } else {
          assertSame(data, called);
          seen.append((char) data.getByte(0));
          data.answer(text);
        }
      }
      assertEquals("a<0>b<1>cd</1>e</0>f", seen.toString());
      assertEquals(0, c.result());

      startParsing(text, begin, end, data);
      assertTrue(c.resume());
      data.answer(MemorySegment.NULL);
      assertFalse(c.resume());
      assertEquals(-1, c.result());
    }
  }

  private void startParsing(
      MemorySegment text, ForeignCallback begin, ForeignCallback end, ForeignCallback data) {
    c.start(
        CompiledC.function("parse"),
        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
        text,
        begin.function(),
        end.function(),
        data.function());
  }

  // ---- close ---------------------------------------------------------------------------------

  @Test
  void closeDropsWhatIsSuspended() {
    for (int i = 0; i < 500; i++) {
      try (ForeignCoroutine dropped = ForeignCoroutine.ofConfined()) {
        startCounting(dropped, 10);
        assertTrue(dropped.resume());
      }
    }
    countUp(c, 10);
  }

  @Test
  void pointersEndWithTheCoroutine() {
    ForeignCoroutine closed = ForeignCoroutine.ofConfined();
    MemorySegment function = closed.callback(OF_YIELD).function();
    assertTrue(function.scope().isAlive());
    closed.close();
    assertFalse(function.scope().isAlive());
  }
}
