package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.internal.engine.NativeEngine;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Abandons suspended coroutines and waits until every one of them has run its finally block.
 *
 * <p>Arguments: how many; how many at most between two collections; the engine.
 */
public final class Abandonment {
  private static final AtomicInteger UNWOUND = new AtomicInteger();

  private Abandonment() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    int batch = Integer.parseInt(arguments[1]);
    Engine engine = Engine.valueOf(arguments[2]);
    CountDownLatch never = new CountDownLatch(1);
    // A reaper waits in its finally block for ever: the others must not.
    abandonOne(engine, never::await);
    for (int i = 0; i < count; i++) {
      abandonOne(engine, UNWOUND::incrementAndGet);
      if (batch > 0 && (i + 1) % batch == 0) {
        awaitUnwound(i + 1);
      }
    }
    awaitUnwound(count);
    System.out.println("unwound " + UNWOUND.get());
    if (engine == Engine.NATIVE) {
      System.out.println("stacks " + NativeEngine.instance().stackCount());
    }
  }

  /** What the abandoned body does in its finally block. */
  @FunctionalInterface
  private interface Cleanup {
    void run() throws Exception;
  }

  private static void abandonOne(Engine engine, Cleanup cleanup) {
    Coroutine<Object, Object> c =
        Coroutine.builder()
            .engine(engine)
            .build(
                (self, first) -> {
                  try {
                    return self.yield("suspended");
                  } finally {
                    cleanup.run();
                  }
                });
    if (!c.resume("").equals("suspended")) {
      throw new AssertionError();
    }
  }

  private static void awaitUnwound(int count) {
    while (UNWOUND.get() < count) {
      System.gc();
      LockSupport.parkNanos(2_000_000);
    }
  }
}
