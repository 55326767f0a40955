package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which scoped values a body sees, whatever the engine. */
abstract class ScopedValuesContract extends EngineContract {
  private static final ScopedValue<String> ONE = ScopedValue.newInstance();
  private static final ScopedValue<String> OTHER = ScopedValue.newInstance();

  private static final long SMALL_STACK_BYTES = 192 * 1024;

  /** One of a few is enough. */
  private static final int MOST_SHIFTS = 200;

  ScopedValuesContract(Engine engine) {
    super(engine);
  }

  private Coroutine.Builder builder() {
    return Coroutine.builder().engine(engine);
  }

  private static String seen() {
    return ONE.orElse("unbound") + " " + OTHER.orElse("unbound");
  }

  private static Coroutine<Object, String> looksTwice(Coroutine.Builder builder) {
    return builder.build(
        (self, first) -> {
          self.yield(seen());
          return seen();
        });
  }

  @Test
  void noneIsSeenUnlessItIsAskedFor() {
    Coroutine<Object, String> c = looksTwice(builder());
    assertEquals("unbound unbound", ScopedValue.where(ONE, "1").call(() -> c.resume("")));
    c.close();
  }

  @Test
  void theBodySeesWhatTheFirstResumerHas() throws Exception {
    Coroutine<Object, String> c = looksTwice(builder().scopedValues(ONE, OTHER));
    assertEquals("1 2", ScopedValue.where(ONE, "1").where(OTHER, "2").call(() -> c.resume("")));
    assertEquals("1 2", inAnotherThread(() -> c.resume("")));
    assertFalse(ONE.isBound());
  }

  @Test
  void whatIsNotBoundThereIsNotBoundInTheBody() {
    Coroutine<Object, String> c = looksTwice(builder().scopedValues(ONE, OTHER));
    assertEquals("unbound 2", ScopedValue.where(OTHER, "2").call(() -> c.resume("")));
    assertEquals("unbound 2", ScopedValue.where(ONE, "later").call(() -> c.resume("")));
    Coroutine<Object, String> none = looksTwice(builder().scopedValues(ONE));
    assertEquals("unbound unbound", none.resume(""));
    none.close();
  }

  @Test
  void aGeneratorTakesThemAsASetting() {
    Generator<String> generator = Generator.<String>of(scope -> scope.yield(seen()));
    Generator<String> bound = generator.with(builder().scopedValues(ONE));
    assertEquals("1 unbound", ScopedValue.where(ONE, "1").call(() -> bound.iterator().next()));
  }

  @Test
  void theTargetOfATransferSeesThoseOfWhoTransfers() throws Exception {
    Coroutine<Object, String> target = builder().scopedValues(ONE).build((self, first) -> seen());
    Coroutine<Object, String> leaves =
        builder()
            .build(
                (self, first) ->
                    ScopedValue.where(ONE, "1").call(() -> "" + self.transferTo(target, "")));
    assertEquals("1 unbound", leaves.resume(""));
    leaves.close();
  }

  /** At each depth of a stack that overflows another coroutine is resumed, until one can't be. */
  @Test
  void whereTheFirstResumeFailsThoseOfTheNextCount() throws Exception {
    int failedLate = 0;
    for (int shift = 0; shift < MOST_SHIFTS && failedLate == 0; shift++) {
      List<Coroutine<Object, String>> last = new ArrayList<>();
      int padding = shift;
      onSmallStack(() -> ScopedValue.where(ONE, "failed").run(() -> overflow(padding, last)));
      Coroutine<Object, String> c = last.getLast();
      if (c.state() == Coroutine.State.SUSPENDED) {
        failedLate++;
      }
      if (c.state() != Coroutine.State.DONE) {
        assertEquals("unbound 2", ScopedValue.where(OTHER, "2").call(() -> c.resume("")));
      }
    }
    if (engine != Engine.NATIVE) { // where the claim may need as much of the stack as what follows
      assertEquals(1, failedLate, "no resume has failed after its claim");
    }
  }

  private void overflow(int padding, List<Coroutine<Object, String>> last) {
    try {
      pad(padding, 1, 2, last);
    } catch (StackOverflowError e) {
      // as it must
    }
  }

  /** Shifts where in a resume the stack's end comes. */
  private long pad(int more, long a, long b, List<Coroutine<Object, String>> last) {
    return more > 0 ? a + pad(more - 1, b, a, last) : descend(last);
  }

  @SuppressWarnings("InfiniteRecursion") // overflowing is the point
  private long descend(List<Coroutine<Object, String>> last) {
    Coroutine<Object, String> c =
        builder().scopedValues(ONE, OTHER).stackSize(SMALL_STACK_BYTES).build((self, in) -> seen());
    last.add(c);
    assertEquals("failed unbound", c.resume(""));
    return 1 + descend(last);
  }

  private static void onSmallStack(Runnable action) throws InterruptedException {
    Thread thread = new Thread(null, action, "small stack", SMALL_STACK_BYTES);
    Throwable[] thrown = {null};
    thread.setUncaughtExceptionHandler((_, t) -> thrown[0] = t);
    thread.start();
    thread.join();
    if (thrown[0] != null) {
      throw new AssertionError(thrown[0]);
    }
  }

  @Test
  void theBodyStandsWhereItStands() {
    Coroutine<Object, String> c = looksTwice(builder().scopedValues(ONE));
    ScopedValue.where(ONE, "1").run(() -> c.resume(""));
    assertEquals(
        getClass().getSuperclass().getName(),
        c.stackTrace()[c.stackTrace().length - 1].getClassName());
    c.close();
  }

  @Test
  void nullAndDuplicatesAreRefused() {
    assertThrows(NullPointerException.class, () -> builder().scopedValues(ONE, null));
    assertThrows(NullPointerException.class, () -> builder().scopedValues((ScopedValue<?>[]) null));
    IllegalArgumentException twice =
        assertThrows(IllegalArgumentException.class, () -> builder().scopedValues(ONE, OTHER, ONE));
    assertEquals("the scoped value at index 2 is there twice", twice.getMessage());
  }
}
