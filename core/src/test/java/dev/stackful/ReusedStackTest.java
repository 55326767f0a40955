package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stackful.Coroutine.State;
import dev.stackful.internal.engine.NativeEngine;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stack, and its index, may be another coroutine's while somebody still waits for its first. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ReusedStackTest {
  @Test
  void whoComesBackByTheIndexOfAStackThatHasEndedIsToldFromIt() {
    AtomicReference<Coroutine<String, String>> a = new AtomicReference<>();
    Coroutine<String, String> c = onAStackOfItsOwn((self, first) -> self.yield("from c"));
    Coroutine<String, String> b =
        onAStackOfItsOwn(
            (self, first) -> {
              int before = NativeEngine.instance().stackCount();
              a.get().close();
              while (NativeEngine.instance().stackCount() >= before) {
                Thread.onSpinWait(); // then its index is free
              }
              return self.transferTo(c, "");
            });
    a.set(onAStackOfItsOwn((self, first) -> self.transferTo(b, "")));
    assertEquals("from c", a.get().resume(""));
    assertEquals(State.SUSPENDED, c.state());
    c.close();
    b.close();
  }

  private static Coroutine<String, String> onAStackOfItsOwn(Coroutine.Body<String, String> body) {
    return Coroutine.builder().engine(Engine.NATIVE).freshStack(true).build(body);
  }
}
