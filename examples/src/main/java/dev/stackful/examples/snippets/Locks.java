package dev.stackful.examples.snippets;

import dev.stackful.fiber.Condition;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import dev.stackful.fiber.Mutex;
import java.time.Duration;

/** A mutex and a condition. */
public final class Locks {
  private static int stock;
  private static int delivered;

  private Locks() {}

  /** Runs it. */
  public static void main(String[] arguments) throws InterruptedException {
    try (FiberRuntime runtime = FiberRuntime.builder().clock(FiberClock.virtual()).build()) {
      books(runtime);
      shop(runtime);
      runtime.run();
    }
  }

  private static void books(FiberRuntime runtime) {
    // @start region=mutex
    Mutex books = Mutex.create("the books");
    for (int i = 0; i < 3; i++) {
      runtime.spawn(
          () ->
              books.withLock(
                  () -> {
                    int before = delivered;
                    Fiber.sleep(Duration.ofSeconds(1)); // others run, and wait for the books
                    delivered = before + 1;
                    return delivered;
                  }));
    }
    // @end
  }

  private static void shop(FiberRuntime runtime) {
    // @start region=condition
    Mutex shop = Mutex.create("the shop");
    Condition delivery = shop.newCondition();
    runtime.launch(
        "customer",
        () -> {
          shop.lock();
          try {
            while (stock == 0) {
              delivery.await(); // the shop is open to others meanwhile
            }
            stock--;
            System.out.println("served at " + runtime.now()); // served at PT3S
          } finally {
            shop.unlock();
          }
        });
    runtime.launch(
        "baker",
        () -> {
          Fiber.sleep(Duration.ofSeconds(3));
          shop.withLock(
              () -> {
                stock++;
                delivery.signal();
                return stock;
              });
        });
    // @end
  }
}
