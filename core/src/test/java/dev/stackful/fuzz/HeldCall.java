package dev.stackful.fuzz;

import dev.stackful.fiber.Fiber;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A blocking call that lasts until it is released, however often it is interrupted, with the thread
 * that runs it. Whoever hands it over, and whoever releases it, waits for that thread: so it is
 * plain what the runtime learns when.
 */
final class HeldCall implements Executor, Fiber.Operation<String, RuntimeException> {
  private final String value;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private @Nullable Thread thread;

  HeldCall(String value) {
    this.value = value;
  }

  @Override
  public void execute(Runnable task) {
    Thread started = Thread.ofPlatform().daemon().name("held call").start(task);
    thread = started;
    if (released.getCount() == 0) {
      waitFor(started::join);
    } else {
      waitFor(begun::await);
    }
  }

  @Override
  public String run() {
    begun.countDown();
    waitFor(released::await);
    return value;
  }

  void release() {
    released.countDown();
    Thread running = thread;
    if (running != null) {
      waitFor(running::join);
    }
  }

  private interface Wait {
    void end() throws InterruptedException;
  }

  private static void waitFor(Wait wait) {
    boolean waits = true;
    while (waits) {
      try {
        wait.end();
        waits = false;
      } catch (InterruptedException e) {
        // it lasts nevertheless
      }
    }
  }
}
