package dev.stackful.torture;

import dev.stackful.Engine;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * A fiber that has its turn for too long is reported, and one that waits for a lock which another
 * holds is told to wait for ever. It does, so that this ends by force.
 *
 * <p>Argument: the engine.
 */
public final class LongTurns {
  private static final List<String> REPORTS = new CopyOnWriteArrayList<>();
  private static final Object LOCK = new Object();

  /** Kept: nobody else does. */
  private static final Logger LOGGER = Logger.getLogger("dev.stackful.fiber");

  private LongTurns() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    LOGGER.addHandler(new Reports());
    FiberRuntime runtime =
        FiberRuntime.builder()
            .engine(Engine.valueOf(arguments[0]))
            .name("watched")
            .watchTurns(Duration.ofMillis(50))
            .build();
    runtime.launch("short", () -> Fiber.yieldNow());
    runtime.launch("long", LongTurns::spin);
    runtime.run();
    Check.equal(1, REPORTS.size(), "reports");
    Check.that(
        REPORTS.getFirst().contains("the fiber long of FiberRuntime[watched]"), "" + REPORTS);
    Check.that(REPORTS.getFirst().contains("LongTurns.spin"), "" + REPORTS);
    runtime.launch(
        "holder",
        () -> {
          synchronized (LOCK) {
            Fiber.yieldNow();
          }
        });
    runtime.launch("waiter", LongTurns::waitForLock);
    Thread.ofPlatform().daemon().start(() -> run(runtime));
    Check.await("the second report", () -> REPORTS.size() == 2);
    String report = REPORTS.getLast();
    System.out.println(report);
    boolean told =
        report.contains("the fiber holder holds") && report.contains("neither can ever go on");
    Check.equal(!arguments[0].equals("VIRTUAL_THREAD"), told, "told of the lock");
    Check.that(report.contains("LongTurns.waitForLock"), report);
    System.out.println("ok");
    Runtime.getRuntime().halt(0);
  }

  private static void run(FiberRuntime runtime) {
    try {
      runtime.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void spin() {
    while (REPORTS.isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private static void waitForLock() {
    synchronized (LOCK) {
      System.out.println("never comes here");
    }
  }

  private static final class Reports extends Handler {
    @Override
    public void publish(LogRecord entry) {
      REPORTS.add(entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
