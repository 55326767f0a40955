package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That a stack trace tells of the body and of its resumer, whatever the engine. */
abstract class StackTracesContract extends EngineContract {
  StackTracesContract(Engine engine) {
    super(engine);
  }

  private Coroutine<Object, Object> named(String name, Coroutine.Body<Object, Object> body) {
    return Coroutine.builder().engine(engine).name(name).build(body);
  }

  private static Object fails() {
    throw new IllegalStateException("thrown");
  }

  private static Object resumes(Coroutine<Object, Object> c) {
    return c.resume("");
  }

  /** Methods of this class, and coroutines, in the order of the trace. */
  private static List<String> story(Throwable thrown) {
    return Arrays.stream(thrown.getStackTrace())
        .filter(
            frame ->
                frame.getClassName().equals("coroutine")
                    || (frame.getClassName().equals(StackTracesContract.class.getName())
                        && !frame.getMethodName().startsWith("lambda")))
        .map(
            frame ->
                frame.getClassName().equals("coroutine") ? frame.toString() : frame.getMethodName())
        .toList();
  }

  @Test
  void showsTheBodyItsNameAndTheResumer() {
    Coroutine<Object, Object> c = named("cook", (self, first) -> fails());
    Throwable thrown = assertThrows(IllegalStateException.class, () -> resumes(c));
    assertEquals(
        List.of(
            "fails", "coroutine.cook(resumed by)", "resumes", "showsTheBodyItsNameAndTheResumer"),
        story(thrown));
    List<String> classes =
        Arrays.stream(thrown.getStackTrace()).map(StackTraceElement::getClassName).toList();
    assertEquals(-1, classes.indexOf(CoroutineCore.class.getName()), classes.toString());
  }

  @Test
  void showsEachOfNestedOnes() {
    Coroutine<Object, Object> inner =
        named(
            "inner",
            (self, first) -> {
              self.yield("");
              return fails();
            });
    inner.resume("");
    Coroutine<Object, Object> outer = named("outer", (self, first) -> resumes(inner));
    Throwable thrown = assertThrows(IllegalStateException.class, () -> outer.resume(""));
    assertEquals(
        List.of(
            "fails",
            "coroutine.inner(resumed by)",
            "resumes",
            "coroutine.outer(resumed by)",
            "showsEachOfNestedOnes"),
        story(thrown));
  }

  @Test
  void showsTheConsumerOfAGenerator() {
    Generator<Object> generator = Generator.of(scope -> scope.yield(fails()));
    Throwable thrown =
        assertThrows(IllegalStateException.class, () -> generator.on(engine).iterator().next());
    List<String> story = story(thrown);
    assertEquals("fails", story.getFirst());
    assertEquals("showsTheConsumerOfAGenerator", story.getLast());
    assertEquals(3, story.size(), story.toString());
  }

  @Test
  void showsTheBodyAsTheCauseOfACheckedOne() {
    Coroutine<Object, Object> c =
        named(
            "cook",
            (self, first) -> {
              throw new SomeException();
            });
    CoroutineException thrown = assertThrows(CoroutineException.class, () -> resumes(c));
    assertEquals(List.of("resumes", "showsTheBodyAsTheCauseOfACheckedOne"), story(thrown));
    assertEquals(SomeException.class, thrown.getCause().getClass());
  }

  @Test
  void theExceptionStaysTheSameAndOneWithoutATraceStaysWithout() {
    RuntimeException without =
        new RuntimeException("", null, true, /* writableStackTrace= */ false) {
          private static final long serialVersionUID = 1L;
        };
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              throw without;
            });
    assertSame(without, assertThrows(RuntimeException.class, () -> c.resume("")));
    assertEquals(0, without.getStackTrace().length);
  }

  @Test
  void oneThatWasMadeElsewhereKeepsItsTrace() {
    RuntimeException elsewhere = new RuntimeException();
    StackTraceElement[] before = elsewhere.getStackTrace();
    Coroutine<Object, Object> c = coroutine((self, first) -> self.yield(""));
    c.resume("");
    assertSame(elsewhere, assertThrows(RuntimeException.class, () -> c.raise(elsewhere)));
    assertArrayEquals(before, elsewhere.getStackTrace());
  }
}
