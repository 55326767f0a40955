package dev.stackful.torture;

import dev.stackful.Coroutine;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Drops a suspended coroutine, and ends when what is to be logged then has been. */
public final class Leaks {
  private static final Logger LOGGER = Logger.getLogger("dev.stackful");
  private static final CountDownLatch LOGGED = new CountDownLatch(2);

  private Leaks() {}

  private static final class Printer extends Handler {
    @Override
    public void publish(LogRecord line) {
      System.out.println(line.getMessage());
      line.getThrown().printStackTrace(System.out);
      LOGGED.countDown();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    LOGGER.addHandler(new Printer());
    LOGGER.setUseParentHandlers(false);
    makesOne();
    Check.await(
        "both are logged",
        () -> {
          System.gc();
          return LOGGED.getCount() == 0;
        });
  }

  private static void makesOne() {
    Coroutine<Object, Object> leaky =
        Coroutine.builder()
            .name("leaky")
            .build(
                (self, first) -> {
                  try {
                    return self.yield("");
                  } finally {
                    throwsSomething();
                  }
                });
    leaky.resume("");
  }

  private static void throwsSomething() {
    throw new IllegalStateException("expected");
  }
}
