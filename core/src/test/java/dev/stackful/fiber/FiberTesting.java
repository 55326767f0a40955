package dev.stackful.fiber;

import dev.stackful.Engine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * What the contracts of this package have in common: an engine, a log, a runtime in virtual time.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class FiberTesting {
  static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  final Engine engine;
  final FiberRuntime runtime;

  /** What fibers note, in the order in which they do. */
  final List<String> log = new ArrayList<>();

  /** The fibers that failed while nobody waited for them. */
  final List<String> unheard = new ArrayList<>();

  FiberTesting(Engine engine) {
    this.engine = engine;
    this.runtime = builder().build();
  }

  final FiberRuntime.Builder builder() {
    return FiberRuntime.builder()
        .engine(engine)
        .stackSize(128 * 1024)
        .clock(FiberClock.virtual())
        .name("fibers")
        .onFailure((fiber, thrown) -> unheard.add(fiber.name()));
  }

  @AfterEach
  void closeRuntime() {
    runtime.close();
  }

  final void log(String what) {
    log.add(what);
  }

  /** Runs one fiber, and those that it spawns, to the end. */
  final void run(Runnable body) throws InterruptedException {
    runtime.launch("main", body);
    runtime.run();
  }

  /** Yields until a fiber is in a state. */
  static void await(Fiber<?> fiber, Fiber.State state) {
    for (int i = 0; i < 1_000 && fiber.state() != state; i++) {
      Fiber.yieldNow();
    }
    if (fiber.state() != state) {
      throw new AssertionError(fiber + " is " + fiber.state() + ", not " + state);
    }
  }
}
