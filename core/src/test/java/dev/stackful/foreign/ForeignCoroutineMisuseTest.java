package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_CHAR;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.foreign.ForeignCoroutine.State;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, with which exception, and that nothing changes by it. */
final class ForeignCoroutineMisuseTest {
  private static final FunctionDescriptor QSORT =
      FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
  private static final FunctionDescriptor COMPARE =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
  private static final FunctionDescriptor LABS = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);

  private final ForeignCoroutine c = ForeignCoroutine.ofConfined();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment numbers = arena.allocateFrom(JAVA_INT, 2, 1);

  @AfterEach
  void close() {
    c.close();
    arena.close();
  }

  private static MemorySegment function(String name) {
    return Linker.nativeLinker().defaultLookup().find(name).orElseThrow();
  }

  private void startSort(ForeignCoroutine sort, ForeignCallback compare) {
    sort.start(function("qsort"), QSORT, numbers, 2L, 4L, compare.function());
  }

  /** Suspends it in a comparison. */
  private ForeignCallback suspend(ForeignCoroutine sort) {
    ForeignCallback compare = sort.callback(COMPARE);
    startSort(sort, compare);
    assertTrue(sort.resume());
    return compare;
  }

  private static <X extends Throwable> void refused(Class<X> type, String part, Executable what) {
    String message = assertThrows(type, what).getMessage();
    assertTrue(message.contains(part), message);
  }

  // ---- states --------------------------------------------------------------------------------

  @Test
  void aResumeNeedsAFunction() {
    refused(IllegalStateException.class, "no function was started", c::resume);
    refused(IllegalStateException.class, "no function has returned", c::result);
    refused(IllegalStateException.class, "no callback is waiting", c::called);
    refused(IllegalStateException.class, "no callback is waiting", () -> c.resume(1));
    assertEquals(State.NEW, c.state());
  }

  @Test
  void aResumeAfterTheEndIsRefused() {
    c.start(function("labs"), LABS, -1L);
    assertFalse(c.resume());
    refused(IllegalStateException.class, "its function has returned", c::resume);
    assertEquals(State.DONE, c.state());
    assertEquals(1L, c.result());
  }

  @Test
  void aStartWhileAFunctionIsSuspendedIsRefused() {
    ForeignCallback compare = suspend(c);
    refused(IllegalStateException.class, "suspended", () -> startSort(c, compare));
    assertTrue(compare.getSegment(0).address() != 0);
    refused(IllegalStateException.class, "no function has returned", c::result);
    assertFalse(c.resume(1));
  }

  @Test
  void aClosedOneRefusesEverythingButCloseAndState() {
    ForeignCallback compare = suspend(c);
    c.close();
    c.close();
    assertEquals(State.CLOSED, c.state());
    refused(IllegalStateException.class, "closed", c::resume);
    refused(IllegalStateException.class, "", () -> compare.getSegment(0));
    refused(IllegalStateException.class, "", () -> compare.answer(0));
    refused(IllegalStateException.class, "", c::called);
    refused(IllegalStateException.class, "closed", () -> c.callback(COMPARE));
    refused(IllegalStateException.class, "closed", () -> c.start(function("labs"), LABS, 1L));
  }

  @Test
  void aStackWhoseMemoryIsLockedIsGivenBackAllTheSame() throws Throwable {
    FunctionDescriptor lock = FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG);
    ForeignCoroutine.Builder large = ForeignCoroutine.builder().stackSize(32 * 1024 * 1024);
    ForeignCoroutine warm = large.build();
    ForeignCoroutine locked = large.build();
    MethodHandle mlock = Linker.nativeLinker().downcallHandle(function("mlock"), lock);
    assertEquals(0, (int) mlock.invokeExact(locked.stackLimit(), 4096L));
    warm.close(); // of so large ones, one is kept as it is: the next is discarded
    locked.close();
    assertEquals(State.CLOSED, locked.state());
    MethodHandle munlock = Linker.nativeLinker().downcallHandle(function("munlock"), lock);
    assertEquals(0, (int) munlock.invokeExact(locked.stackLimit(), 4096L));
  }

  @Test
  void theYielderOfASharedOneIsAlwaysTheSame() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (ForeignCoroutine shared = ForeignCoroutine.ofShared()) {
        CountDownLatch both = new CountDownLatch(2);
        FutureTask<ForeignCallback> other = new FutureTask<>(() -> yielderOf(shared, both));
        Thread.ofPlatform().start(other);
        ForeignCallback mine = yielderOf(shared, both);
        assertEquals(mine, other.get());
      }
    }
  }

  private static ForeignCallback yielderOf(ForeignCoroutine shared, CountDownLatch both)
      throws InterruptedException {
    both.countDown();
    both.await();
    while (true) {
      try {
        return shared.yielder();
      } catch (IllegalStateException e) {
        Thread.onSpinWait(); // the other one holds the claim
      }
    }
  }

  @Test
  void whileItRunsOtherThreadsAreRefused() throws Exception {
    try (ForeignCoroutine shared = ForeignCoroutine.ofShared()) {
      MemorySegment pipe = arena.allocate(JAVA_INT, 2);
      assertEquals(0, call("pipe", FunctionDescriptor.of(JAVA_INT, ADDRESS), pipe));
      FunctionDescriptor io = FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
      shared.start(function("read"), io, pipe.get(JAVA_INT, 0), numbers, 4L);
      FutureTask<Boolean> reading = new FutureTask<>(shared::resume);
      Thread.ofPlatform().start(reading);
      while (shared.state() != State.RUNNING) {
        Thread.onSpinWait();
      }
      refused(IllegalStateException.class, "it is running", shared::resume);
      refused(IllegalStateException.class, "it is running", shared::close);
      refused(IllegalStateException.class, "it is running", () -> shared.callback(COMPARE));
      assertEquals(4L, call("write", io, pipe.get(JAVA_INT, 4), numbers, 4L));
      assertFalse(reading.get());
      assertEquals(4L, shared.result());
      for (int end = 0; end < 2; end++) {
        call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), pipe.getAtIndex(JAVA_INT, end));
      }
    }
  }

  private static Object call(String name, FunctionDescriptor descriptor, Object... arguments) {
    try (ForeignCoroutine other = ForeignCoroutine.ofConfined()) {
      other.start(function(name), descriptor, arguments);
      assertFalse(other.resume());
      return other.result();
    }
  }

  /** Of two threads that race, one resumes. */
  @Test
  void oneOfTwoResumesWins() throws Exception {
    for (int round = 0; round < 100; round++) {
      try (ForeignCoroutine shared = ForeignCoroutine.ofShared()) {
        shared.start(function("labs"), LABS, -1L);
        CountDownLatch go = new CountDownLatch(1);
        List<FutureTask<Boolean>> racers =
            Collections.nCopies(2, shared).stream()
                .map(
                    racer ->
                        new FutureTask<>(
                            () -> {
                              go.await();
                              return racer.resume();
                            }))
                .toList();
        racers.forEach(racer -> Thread.ofPlatform().start(racer));
        go.countDown();
        int refused = 0;
        for (FutureTask<Boolean> racer : racers) {
          try {
            assertFalse(racer.get());
          } catch (ExecutionException e) {
            assertTrue(e.getCause() instanceof IllegalStateException, e.toString());
            refused++;
          }
        }
        assertEquals(1, refused);
        assertEquals(1L, shared.result());
      }
    }
  }

  @Test
  void aConfinedOneRefusesOtherThreads() throws Exception {
    ForeignCallback compare = suspend(c);
    FutureTask<Boolean> other =
        new FutureTask<>(
            () -> {
              for (Executable refused :
                  List.<Executable>of(
                      c::resume,
                      c::called,
                      c::result,
                      c::close,
                      c::yielder,
                      () -> c.callback(COMPARE),
                      () -> c.start(function("labs"), LABS, 1L),
                      () -> compare.getSegment(0),
                      () -> compare.answer(0))) {
                assertThrows(WrongThreadException.class, refused);
              }
              return c.state() == State.SUSPENDED;
            });
    Thread.ofPlatform().start(other).join();
    assertTrue(other.get());
    assertFalse(c.resume(0));
  }

  // ---- calls and answers ---------------------------------------------------------------------

  @Test
  void aValueMustBeAnswered() {
    ForeignCallback compare = suspend(c);
    refused(IllegalStateException.class, "must be answered", c::resume);
    compare.answer(0);
    assertFalse(c.resume());
    refused(IllegalStateException.class, "isn't waiting", () -> compare.getSegment(0));
    refused(IllegalStateException.class, "isn't waiting", () -> compare.answer(0));
  }

  @Test
  void onlyThePendingCallbackHasArgumentsAndAnAnswer() {
    ForeignCallback other = c.callback(COMPARE);
    suspend(c);
    refused(IllegalStateException.class, "isn't waiting", () -> other.getSegment(0));
    refused(IllegalStateException.class, "isn't waiting", () -> other.answer(0));
  }

  @Test
  void anAnswerOfTheWrongTypeIsRefused() {
    ForeignCallback compare = suspend(c);
    for (Executable wrong :
        List.<Executable>of(
            () -> compare.answer(true),
            () -> compare.answer(1f),
            () -> compare.answer(1.0),
            () -> compare.answer(MemorySegment.NULL))) {
      refused(IllegalArgumentException.class, "returns int, not", wrong);
    }
    refused(IllegalArgumentException.class, "out of range", () -> compare.answer(1L << 31));
    refused(NullPointerException.class, "pointer", () -> compare.answer(null));
    refused(IllegalStateException.class, "must be answered", c::resume);
    refused(IllegalArgumentException.class, "out of range", () -> c.resume(Integer.MIN_VALUE - 1L));
    assertFalse(c.resume(Integer.MIN_VALUE));
  }

  @Test
  void anArgumentOfTheWrongTypeIsRefused() {
    ForeignCallback compare = suspend(c);
    refused(IllegalArgumentException.class, "is MemorySegment, not int", () -> compare.getInt(0));
    refused(IllegalArgumentException.class, "not double", () -> compare.getDouble(0));
    for (int index : new int[] {-1, 2, Integer.MIN_VALUE}) {
      assertThrows(IndexOutOfBoundsException.class, () -> compare.getSegment(index));
      assertThrows(IndexOutOfBoundsException.class, () -> compare.getInt(index));
      assertThrows(IndexOutOfBoundsException.class, () -> compare.getDouble(index));
      assertThrows(IndexOutOfBoundsException.class, () -> compare.get(index));
    }
  }

  @Test
  void narrowingIsRefused() {
    ForeignCallback callback =
        c.callback(FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_CHAR, JAVA_BOOLEAN, JAVA_DOUBLE));
    c.start(callback.function(), callback.descriptor(), 1L, 'x', true, 1.0);
    assertTrue(c.resume());
    for (Executable narrowing :
        List.<Executable>of(
            () -> callback.getInt(0),
            () -> callback.getShort(0),
            () -> callback.getSegment(0),
            () -> callback.getShort(1),
            () -> callback.getByte(1),
            () -> callback.getInt(2),
            () -> callback.getFloat(3),
            () -> callback.getLong(3))) {
      refused(IllegalArgumentException.class, ", not ", narrowing);
    }
    refused(IllegalArgumentException.class, "void: it takes no answer", () -> callback.answer(1));
    assertFalse(c.resume());
  }

  // ---- descriptors ---------------------------------------------------------------------------

  @Test
  void whatHasNoRegisterIsRefusedWithTheReason() {
    MemoryLayout struct = MemoryLayout.structLayout(JAVA_INT, JAVA_INT);
    ByteOrder other =
        ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN;
    refusedDescriptor("argument 1 is a struct", FunctionDescriptor.ofVoid(JAVA_INT, struct));
    refusedDescriptor("the return is a struct", FunctionDescriptor.of(struct));
    refusedDescriptor(
        "argument 0 is no value",
        FunctionDescriptor.ofVoid(MemoryLayout.sequenceLayout(2, JAVA_INT)));
    refusedDescriptor("byte order", FunctionDescriptor.ofVoid(JAVA_INT.withOrder(other)));
    refusedDescriptor("argument 8 would be passed on the stack", many(9, JAVA_LONG));
    refusedDescriptor("argument 8 would be passed on the stack", many(9, JAVA_FLOAT));
    for (FunctionDescriptor fits :
        List.of(many(6, JAVA_BYTE), many(8, JAVA_DOUBLE), FunctionDescriptor.ofVoid())) {
      assertEquals(fits, c.callback(fits).descriptor());
    }
  }

  private static FunctionDescriptor many(int count, ValueLayout type) {
    return FunctionDescriptor.ofVoid(Collections.nCopies(count, type).toArray(MemoryLayout[]::new));
  }

  private void refusedDescriptor(String reason, FunctionDescriptor descriptor) {
    // On x86-64 there are six registers for integers, so that it is an earlier one.
    String found =
        assertThrows(UnsupportedOperationException.class, () -> c.callback(descriptor))
            .getMessage()
            .replace("argument 6 would", "argument 8 would");
    assertTrue(found.contains(reason), found);
    assertThrows(UnsupportedOperationException.class, () -> c.start(function("labs"), descriptor));
    assertEquals(State.NEW, c.state());
  }

  // ---- the function and its arguments --------------------------------------------------------

  @Test
  void nullsAreNamed() {
    refused(NullPointerException.class, "descriptor", () -> c.callback(null));
    refused(NullPointerException.class, "function", () -> c.start(null, LABS, 1L));
    refused(NullPointerException.class, "descriptor", () -> c.start(function("labs"), null, 1L));
    refused(
        NullPointerException.class,
        "arguments",
        () -> c.start(function("labs"), LABS, (Object[]) null));
    refused(
        NullPointerException.class,
        "argument 0",
        () -> c.start(function("labs"), LABS, (Object) null));
    assertEquals(State.NEW, c.state());
  }

  @Test
  void aFunctionThatIsNoneIsRefused() {
    refused(
        IllegalArgumentException.class,
        "null pointer",
        () -> c.start(MemorySegment.NULL, LABS, 1L));
    refused(
        IllegalArgumentException.class,
        "heap",
        () -> c.start(MemorySegment.ofArray(new byte[8]), LABS, 1L));
    MemorySegment dangling;
    try (Arena closed = Arena.ofConfined()) {
      dangling = function("labs").reinterpret(closed, null);
    }
    refused(IllegalStateException.class, "dangling", () -> c.start(dangling, LABS, 1L));
    assertEquals(State.NEW, c.state());
  }

  @Test
  void argumentsThatDoNotMatchAreRefused() {
    MemorySegment labs = function("labs");
    refused(IllegalArgumentException.class, "0 arguments", () -> c.start(labs, LABS));
    refused(IllegalArgumentException.class, "2 arguments", () -> c.start(labs, LABS, 1L, 2L));
    refused(
        IllegalArgumentException.class,
        "argument 0 is a java.lang.Integer, but its layout is for long",
        () -> c.start(labs, LABS, 1));
    assertEquals(State.NEW, c.state());
  }

  @Test
  void segmentsThatCCodeCannotKeepAreRefused() throws Exception {
    ForeignCallback compare = c.callback(COMPARE);
    MemorySegment heap = MemorySegment.ofArray(new int[2]);
    refused(
        IllegalArgumentException.class,
        "argument 0 is a segment on the heap",
        () -> c.start(function("qsort"), QSORT, heap, 2L, 4L, compare.function()));
    Arena closed = Arena.ofConfined();
    MemorySegment dangling = closed.allocateFrom(JAVA_INT, 2, 1);
    closed.close();
    refused(
        IllegalStateException.class,
        "argument 0 is dangling",
        () -> c.start(function("qsort"), QSORT, dangling, 2L, 4L, compare.function()));
    FutureTask<MemorySegment> others =
        new FutureTask<>(() -> Arena.ofConfined().allocateFrom(JAVA_INT, 2, 1));
    Thread.ofPlatform().start(others);
    MemorySegment ofOther = others.get();
    refused(
        WrongThreadException.class,
        "argument 0",
        () -> c.start(function("qsort"), QSORT, ofOther, 2L, 4L, compare.function()));
    ForeignCallback ofGone;
    try (ForeignCoroutine gone = ForeignCoroutine.ofConfined()) {
      ofGone = gone.callback(COMPARE);
    }
    refused(
        IllegalStateException.class,
        "argument 3 is dangling",
        () -> c.start(function("qsort"), QSORT, numbers, 2L, 4L, ofGone.function()));
    assertEquals(State.NEW, c.state());
  }

  /** What can be seen of upcalls on a coroutine's stack is refused before they crash the JVM. */
  @Test
  void upcallStubsAreRefused() throws Exception {
    MethodHandle compare =
        MethodHandles.lookup()
            .findStatic(
                ForeignCoroutineMisuseTest.class,
                "compare",
                MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
    MemorySegment stub = Linker.nativeLinker().upcallStub(compare, COMPARE, arena);
    refused(
        IllegalArgumentException.class,
        "argument 3 is an upcall stub",
        () -> c.start(function("qsort"), QSORT, numbers, 2L, 4L, stub));
    refused(
        IllegalArgumentException.class,
        "the function is an upcall stub",
        () -> c.start(stub, COMPARE, numbers, numbers));
    assertEquals(State.NEW, c.state());
  }

  @SuppressWarnings("unused") // never called, which is the point
  private static int compare(MemorySegment left, MemorySegment right) {
    throw new AssertionError("upcall");
  }

  // ---- the stack's size ----------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1, 4096, (1L << 30) + 1, Long.MAX_VALUE})
  void aStackSizeOutOfRangeIsRefused(long bytes) {
    refused(
        IllegalArgumentException.class, "1 GiB", () -> ForeignCoroutine.builder().stackSize(bytes));
  }

  @Test
  void theLargestStackWorks() {
    try (ForeignCoroutine large = ForeignCoroutine.builder().stackSize(1 << 30).build()) {
      assertEquals(1 << 30, large.stackSize());
      ForeignCallback compare = suspend(large);
      compare.answer(1);
      assertFalse(large.resume());
    }
  }
}
