package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A suspended coroutine that is held for a moment, as the exit hook and its name do. */
class HeldCoroutineTest {
  /** For how long it is tried. Two moments must come right behind each other. */
  private static final long NANOS = 1_000_000_000;

  @Test
  void whoResumesItWaitsHoweverOftenItIsHeld() throws Exception {
    Coroutine<Integer, Integer> echo =
        Coroutine.of(
            (self, first) -> {
              int in = first;
              while (true) {
                in = self.yield(in);
              }
            });
    CoroutineCore<Integer, Integer> core = echo.resumable("hold");
    AtomicBoolean over = new AtomicBoolean();
    FutureTask<@Nullable Void> holding =
        new FutureTask<>(
            () -> {
              while (!over.get()) {
                if (core.tryHold()) {
                  core.unhold();
                }
              }
              return null;
            });
    Thread.ofPlatform().start(holding);
    try {
      long start = System.nanoTime();
      for (int i = 0; System.nanoTime() - start < NANOS; i++) {
        assertEquals(i, echo.resume(i));
      }
    } finally {
      over.set(true);
      holding.get();
      echo.close();
    }
  }
}
