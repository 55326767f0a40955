package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine of a coroutine that leaves it to its first resume. */
final class EngineByResumerTest {
  private static Coroutine<Object, Object> undecided() {
    return Coroutine.builder().engineByResumer().build((self, first) -> self.yield(first));
  }

  private static <T> T inAVirtualThread(Callable<T> action) throws Exception {
    FutureTask<T> task = new FutureTask<>(action);
    Thread.ofVirtual().start(task);
    return task.get();
  }

  @Test
  void aPlatformThreadGivesThePreferredOne() throws Exception {
    Coroutine<Object, Object> c = undecided();
    assertEquals(Engine.preferred(), c.engine());
    assertEquals("in", c.resume("in"));
    assertEquals(Engine.preferred(), c.engine());
    assertEquals("out", inAVirtualThread(() -> c.resume("out")));
    assertEquals(Engine.preferred(), c.engine());
  }

  @Test
  void aVirtualThreadGivesVirtualThreads() throws Exception {
    Coroutine<Object, Object> c = undecided();
    assertEquals("in", inAVirtualThread(() -> c.resume("in")));
    assertEquals(Engine.VIRTUAL_THREAD, c.engine());
    assertEquals("out", c.resume("out"));
  }

  @ParameterizedTest
  @EnumSource
  void aCoroutineGivesItsOwn(Engine engine) {
    Coroutine<Object, Object> inner = undecided();
    Coroutine<Object, Object> outer =
        Coroutine.builder().engine(engine).build((self, first) -> inner.resume(first));
    assertEquals("in", outer.resume("in"));
    assertEquals(engine, inner.engine());
    inner.close();
  }

  @ParameterizedTest
  @EnumSource
  void aTransferGivesTheOneThatItComesFrom(Engine engine) {
    Coroutine<Object, Object> target = undecided();
    Coroutine<Object, Object> leaves =
        Coroutine.builder().engine(engine).build((self, first) -> self.transferTo(target, first));
    assertEquals("in", leaves.resume("in"));
    assertEquals(engine, target.engine());
    target.close();
    leaves.close();
  }

  @Test
  void onceChosenItRefusesATransferFromAnother() throws Exception {
    Coroutine<Object, Object> target = undecided();
    inAVirtualThread(() -> target.resume(""));
    Coroutine<Object, Object> leaves =
        Coroutine.builder()
            .engine(Engine.PLATFORM_THREAD)
            .build((self, first) -> self.transferTo(target, first));
    assertThrows(IllegalArgumentException.class, () -> leaves.resume(""));
    assertEquals(Coroutine.State.SUSPENDED, target.state());
    target.close();
  }

  @Test
  void aNamedEngineChosenLaterCounts() {
    Coroutine<Object, Object> c =
        Coroutine.builder()
            .engineByResumer()
            .engine(Engine.VIRTUAL_THREAD)
            .build((self, first) -> first);
    c.resume("");
    assertEquals(Engine.VIRTUAL_THREAD, c.engine());
  }
}
