package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** That pieces of context go along with every turn, whatever the engine. */
abstract class ContextElementsContract extends EngineContract {
  private final List<String> events = new ArrayList<>();

  ContextElementsContract(Engine engine) {
    super(engine);
  }

  /** A thread-local that tells what happens to it, and throws where it is told to. */
  private final class Local implements ContextElement<@Nullable String, @Nullable String> {
    private final String name;
    private final ThreadLocal<@Nullable String> local = new ThreadLocal<>();
    private @Nullable RuntimeException captureFails;
    private @Nullable RuntimeException setFails;
    private @Nullable RuntimeException restoreFails;

    Local(String name) {
      this.name = name;
    }

    @Override
    public @Nullable String capture() {
      throwIfAny(captureFails);
      return local.get();
    }

    @Override
    public @Nullable String set(@Nullable String captured) {
      throwIfAny(setFails);
      events.add("set " + name);
      String previous = local.get();
      local.set(captured);
      return previous;
    }

    @Override
    public void restore(@Nullable String previous) {
      throwIfAny(restoreFails);
      events.add("restore " + name);
      local.set(previous);
    }

    private void throwIfAny(@Nullable RuntimeException thrown) {
      if (thrown != null) {
        throw thrown;
      }
    }
  }

  private Coroutine<Object, Object> with(
      Coroutine.Body<Object, Object> body, ContextElement<?, ?>... elements) {
    Coroutine.Builder builder = Coroutine.builder().engine(engine);
    for (ContextElement<?, ?> element : elements) {
      builder.contextElement(element);
    }
    return builder.build(body);
  }

  @Test
  void eachTurnHasItsResumers() throws Exception {
    Local a = new Local("a");
    Coroutine<Object, Object> c =
        with(
            (self, first) -> {
              while (true) {
                self.yield(String.valueOf(a.local.get()));
              }
            },
            a);
    a.local.set("mine");
    assertEquals("mine", c.resume(""));
    assertEquals("null", inAnotherThread(() -> c.resume("")));
    assertEquals(
        "theirs",
        inAVirtualThread(
            () -> {
              a.local.set("theirs");
              return c.resume("");
            }));
    assertEquals("mine", c.resume(""));
    c.close();
    assertEquals("mine", a.local.get());
  }

  @Test
  void theyAreSetInOrderAndPutBackInReverse() {
    Coroutine<Object, Object> c =
        with((self, first) -> self.yield(""), new Local("a"), new Local("b"));
    c.resume("");
    assertEquals(List.of("set a", "set b", "restore b", "restore a"), events);
    events.clear();
    c.resume("");
    assertEquals(List.of("set a", "set b", "restore b", "restore a"), events);
  }

  @Test
  void whatCaptureThrowsComesOutAndNothingHasHappened() {
    Local a = new Local("a");
    Coroutine<Object, Object> c = with((self, first) -> self.yield(first), a);
    a.captureFails = new IllegalStateException("capture");
    assertSame(
        a.captureFails, assertThrows(IllegalStateException.class, () -> c.resume("refused")));
    assertEquals(Coroutine.State.NEW, c.state());
    a.captureFails = null;
    assertEquals("taken", c.resume("taken"));
    c.close();
  }

  @Test
  void whatSetThrowsAtTheStartEndsTheBodyBeforeItBegins() {
    Local a = new Local("a");
    Local b = new Local("b");
    b.setFails = new IllegalStateException("set");
    Coroutine<Object, Object> c = with((self, first) -> events.add("ran"), a, b);
    assertSame(b.setFails, assertThrows(IllegalStateException.class, () -> c.resume("")));
    assertTrue(c.isDone());
    assertEquals(List.of("set a", "restore a"), events);
  }

  @Test
  void whatSetThrowsLaterIsThrownAtThePendingYield() {
    Local a = new Local("a");
    IllegalStateException fails = new IllegalStateException("set");
    Coroutine<Object, Object> c =
        with(
            (self, first) -> {
              try {
                return self.yield("");
              } catch (IllegalStateException e) {
                return e == fails;
              }
            },
            a);
    c.resume("");
    a.setFails = fails;
    assertEquals(true, c.resume(""));
  }

  @Test
  void whatRestoreThrowsIsThrownWhereTheBodyWouldHaveLeft() {
    Local a = new Local("a");
    Coroutine<Object, Object> c =
        with(
            (self, first) -> {
              a.restoreFails = new IllegalStateException("restore");
              try {
                return self.yield("");
              } catch (IllegalStateException e) {
                boolean same = e == a.restoreFails;
                a.restoreFails = null;
                return same + " " + a.local.get();
              }
            },
            a);
    a.local.set("mine");
    assertEquals("true mine", c.resume(""));
    assertTrue(c.isDone());
  }

  @Test
  void whatRestoreThrowsAtTheEndComesOutOrIsSuppressed() {
    Local a = new Local("a");
    a.restoreFails = new IllegalStateException("restore");
    Coroutine<Object, Object> returns = with((self, first) -> "", a);
    assertSame(a.restoreFails, assertThrows(IllegalStateException.class, () -> returns.resume("")));
    IllegalArgumentException own = new IllegalArgumentException("body");
    Coroutine<Object, Object> throwing =
        with(
            (self, first) -> {
              throw own;
            },
            a);
    assertSame(own, assertThrows(IllegalArgumentException.class, () -> throwing.resume("")));
    assertSame(a.restoreFails, own.getSuppressed()[0]);
  }

  @Test
  void aBodyIsUnwoundEvenIfItsElementsCannotBeSet() {
    Local a = new Local("a");
    Coroutine<Object, Object> c =
        with(
            (self, first) -> {
              try {
                return self.yield("");
              } finally {
                events.add("unwound");
              }
            },
            a);
    c.resume("");
    a.setFails = new IllegalStateException("set");
    c.close();
    assertTrue(events.contains("unwound"));
    assertTrue(c.isDone());
  }

  @Test
  void theTargetOfATransferHasThoseOfWhoTransfers() {
    Local a = new Local("a");
    Coroutine<Object, Object> target = with((self, first) -> first + " " + a.local.get(), a);
    Coroutine<Object, Object> leaves =
        with(
            (self, first) -> {
              a.local.set("changed");
              return self.transferTo(target, "seen:");
            },
            a);
    a.local.set("mine");
    assertEquals("seen: changed", leaves.resume(""));
    assertEquals(List.of("set a", "restore a", "set a", "restore a"), events);
    leaves.close();
  }

  @Test
  void aTransferThatIsRefusedLeavesThemSet() {
    Local a = new Local("a");
    Coroutine<Object, Object> ended = coroutine((self, first) -> "");
    ended.resume("");
    Coroutine<Object, Object> c =
        with(
            (self, first) -> {
              assertThrows(NotResumableException.class, () -> self.transferTo(ended, ""));
              return String.valueOf(a.local.get());
            },
            a);
    a.local.set("mine");
    assertEquals("mine", c.resume(""));
  }
}
