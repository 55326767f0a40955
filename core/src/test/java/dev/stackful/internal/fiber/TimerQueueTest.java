package dev.stackful.internal.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Timers come in the order of their deadlines, and cancelled ones leave nothing. */
final class TimerQueueTest {
  private static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  private final TimerQueue queue = new TimerQueue();

  private final List<Timer> fired = new ArrayList<>();

  private Timer timer() {
    return new Timer() {
      @Override
      void fire() {
        fired.add(this);
      }
    };
  }

  @Test
  void aMillionTimersComeInOrderThoughHalfAreCancelled() {
    int count = 1_000_000 / SLOWNESS;
    Random random = new Random(1);
    List<Timer> timers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Timer timer = timer();
      timers.add(timer);
      queue.add(timer, random.nextInt(count / 10)); // many are equal
    }
    List<Timer> cancelled = new ArrayList<>(timers);
    Collections.shuffle(cancelled, random);
    cancelled = cancelled.subList(0, count / 2);
    cancelled.forEach(queue::remove);
    cancelled.forEach(queue::remove); // twice does nothing
    assertEquals(count - count / 2, queue.size());
    Comparator<Timer> order =
        Comparator.<Timer>comparingLong(t -> t.deadlineNanos).thenComparingLong(t -> t.sequence);
    while (!queue.isEmpty()) {
      int before = fired.size();
      queue.fireDue(queue.earliestNanos() - 1);
      assertEquals(before, fired.size());
      queue.fireDue(queue.earliestNanos());
    }
    assertEquals(count - count / 2, fired.size());
    for (int i = 1; i < fired.size(); i++) {
      assertTrue(order.compare(fired.get(i - 1), fired.get(i)) < 0);
    }
    queue.fireDue(Long.MAX_VALUE);
    assertEquals(count - count / 2, fired.size());
    assertEquals(Long.MAX_VALUE, queue.earliestNanos());
  }

  @Test
  void aTimerThatFailsToFireIsStillSetAndSoAreThoseBehindIt() {
    int[] failures = {2};
    queue.add(
        new Timer() {
          @Override
          void fire() {
            if (failures[0]-- > 0) {
              throw new StackOverflowError("on purpose");
            }
            fired.add(this);
          }
        },
        1);
    queue.add(timer(), 2);
    for (int i = 0; i < 2; i++) {
      assertThrows(StackOverflowError.class, () -> queue.fireDue(3));
      assertEquals(2, queue.size());
    }
    queue.fireDue(3);
    assertEquals(2, fired.size());
    assertTrue(queue.isEmpty());
  }

  @Test
  void theRandomNumbersAreThoseOfTheJdksSplittableRandom() {
    // The first generator of a SplittableRandom with a seed has the same gamma.
    for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE}) {
      SplittableRandom expected = new SplittableRandom(seed);
      SplitMix64 random = new SplitMix64(seed);
      for (int i = 0; i < 1_000; i++) {
        assertEquals(expected.nextLong(), random.nextLong());
        assertTrue(new SplitMix64(i).nextInt(7) < 7 && new SplitMix64(i).nextInt(7) >= 0);
      }
    }
  }
}
