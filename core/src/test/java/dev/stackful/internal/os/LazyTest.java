package dev.stackful.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LazyTest {
  private static final int THREADS = 16;

  /** Counts how often it is made, and fails the first time. */
  private static final class FailsAtFirst extends Lazy<String> {
    private final AtomicInteger made = new AtomicInteger();

    @Override
    protected String make() {
      int number = made.incrementAndGet();
      if (number == 1) {
        throw new OutOfMemoryError("planted");
      }
      return "made " + number;
    }
  }

  @Test
  void whatFailedIsTriedAgainAndWhatWasMadeStays() {
    FailsAtFirst lazy = new FailsAtFirst();
    assertEquals("planted", assertThrows(OutOfMemoryError.class, lazy::get).getMessage());
    assertEquals("made 2", lazy.get());
    assertSame(lazy.get(), lazy.get());
    assertEquals(2, lazy.made.get());
  }

  @RepeatedTest(20)
  void threadsThatAskWhileItIsMadeWaitForTheOneValue() throws Exception {
    CountDownLatch making = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    AtomicInteger made = new AtomicInteger();
    Lazy<Object> lazy =
        new Lazy<>() {
          @Override
          protected Object make() {
            made.incrementAndGet();
            making.countDown();
            try {
              asked.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return new Object();
          }
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Object>> got = new ArrayList<>();
      got.add(threads.submit(lazy::get));
      making.await();
      CountDownLatch arrived = new CountDownLatch(THREADS);
      for (int i = 0; i < THREADS; i++) {
        boolean interrupted = i % 2 == 0;
        got.add(
            threads.submit(
                () -> {
                  if (interrupted) {
                    Thread.currentThread().interrupt();
                  }
                  arrived.countDown();
                  Object value = lazy.get();
                  assertEquals(interrupted, Thread.interrupted());
                  return value;
                }));
      }
      arrived.await();
      asked.countDown();
      Object value = got.getFirst().get(30, TimeUnit.SECONDS);
      for (Future<Object> other : got) {
        assertSame(value, other.get(30, TimeUnit.SECONDS));
      }
    }
    assertEquals(1, made.get());
  }
}
