package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Which scoped values a body sees, whatever the engine. */
abstract class ScopedValuesContract extends EngineContract {
  private static final ScopedValue<String> ONE = ScopedValue.newInstance();
  private static final ScopedValue<String> OTHER = ScopedValue.newInstance();

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
