package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stackful.fiber.FiberRuntime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose thread-locals a body sees, whatever the engine. */
abstract class ThreadLocalsContract extends EngineContract {
  /** As many bodies as make it likely that each kind gets a stack that another kind had. */
  private static final int BODIES = 50;

  private final ThreadLocal<@Nullable String> plain = new ThreadLocal<>();
  private final ThreadLocal<@Nullable String> inheritable = new InheritableThreadLocal<>();

  ThreadLocalsContract(Engine engine) {
    super(engine);
  }

  // ---- nothing leaks from one body to the next ----------------------------------------------

  /** Leaves thread-locals behind, and tells what the body before has left. */
  private String found() {
    String found = plain.get() + " " + inheritable.get();
    plain.set("left behind");
    inheritable.set("left behind");
    return found;
  }

  @Test
  void aCoroutineFindsNoThreadLocalsOfAnother() {
    for (int i = 0; i < BODIES; i++) {
      Coroutine<Object, String> c =
          coroutine(
              (self, first) -> {
                self.yield(found());
                return found();
              });
      assertEquals("null null", c.resume(""));
      assertEquals("left behind left behind", c.resume(""));
    }
  }

  @Test
  void noThreadLocalsAreFoundOfOneThatThrewOrWasClosed() {
    for (int i = 0; i < BODIES; i++) {
      Coroutine<Object, String> thrower =
          coroutine(
              (self, first) -> {
                found();
                throw new IllegalStateException("thrown");
              });
      assertThrows(IllegalStateException.class, thrower::resume);
      try (Coroutine<String, String> closed = coroutine((self, first) -> self.yield(found()))) {
        assertEquals("null null", closed.resume(""));
      }
    }
  }

  @Test
  void aFiberFindsNoThreadLocalsOfAnother() throws Exception {
    List<String> found = new ArrayList<>();
    try (FiberRuntime runtime = FiberRuntime.builder().engine(engine).build()) {
      for (int i = 0; i < BODIES; i++) {
        runtime.spawn(() -> found.add(found()));
        runtime.run();
      }
    }
    assertEquals(List.of("null null"), found.stream().distinct().toList());
    assertNull(plain.get());
  }
}
