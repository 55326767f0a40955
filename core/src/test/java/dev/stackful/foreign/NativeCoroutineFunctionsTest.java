package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.testing.CompiledC;
import java.lang.foreign.FunctionDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled C on stacks of its own. */
final class NativeCoroutineFunctionsTest {
  private static final FunctionDescriptor OF_YIELD_AND_LONG =
      FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG);

  private final NativeCoroutine c = NativeCoroutine.ofConfined();

  @AfterEach
  void close() {
    c.close();
  }

  // ---- yield ---------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void yieldsAndReturns(boolean critical) {
    NativeCoroutine.Builder builder = NativeCoroutine.builder();
    try (NativeCoroutine counter = critical ? builder.critical().build() : builder.build()) {
      countUp(counter, 1000);
    }
  }

  private static void countUp(NativeCoroutine counter, long limit) {
    NativeCallback yield = counter.yielder();
    counter.start(CompiledC.function("count_up"), OF_YIELD_AND_LONG, yield.function(), limit);
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

  @Test
  void anUnansweredYieldReturnsZero() {
    c.start(CompiledC.function("count_up"), OF_YIELD_AND_LONG, c.yielder().function(), 3L);
    assertTrue(c.resume());
    assertTrue(c.resume(5));
    assertTrue(c.resume());
    assertFalse(c.resume(7));
    assertEquals(12L, c.result());
  }

  @Test
  void theStackIsUsedAgainForTheNextFunction() {
    for (int i = 0; i < 3; i++) {
      countUp(c, 10);
    }
    c.start(CompiledC.function("stack_address"), FunctionDescriptor.of(JAVA_LONG));
    assertFalse(c.resume());
    long first = (long) c.result();
    c.start(CompiledC.function("stack_address"), FunctionDescriptor.of(JAVA_LONG));
    assertFalse(c.resume());
    assertEquals(first, (long) c.result());
  }
}
