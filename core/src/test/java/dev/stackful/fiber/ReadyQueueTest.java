package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** First in, first out, whatever the ring does below. */
final class ReadyQueueTest {
  private final ReadyQueue queue = new ReadyQueue();
  private final FiberRuntime runtime = FiberRuntime.create();

  private List<Fiber<?>> fibers(int count) {
    List<Fiber<?>> fibers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fibers.add(runtime.spawn(() -> {}));
    }
    return fibers;
  }

  @Test
  void itIsAQueueWhateverIsAddedAndTakenWhen() {
    List<Fiber<?>> fibers = fibers(1_000);
    ArrayDeque<Fiber<?>> model = new ArrayDeque<>();
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      Fiber<?> fiber = fibers.get(random.nextInt(fibers.size()));
      switch (random.nextInt(i % 10_000 < 5_000 ? 3 : 5)) {
        case 0, 1 -> {
          queue.add(fiber);
          model.add(fiber);
        }
        default -> assertSame(model.poll(), queue.poll());
      }
      assertEquals(model.size(), queue.size());
    }
    while (!model.isEmpty()) {
      assertSame(model.poll(), queue.poll());
    }
    assertTrue(queue.isEmpty());
    assertNull(queue.poll());
  }

  @Test
  void byChanceEachIsTakenOnceAndOnlyOfTheFirst() {
    List<Fiber<?>> fibers = fibers(100);
    SplitMix64 random = new SplitMix64(1);
    for (int shift = 0; shift < 100; shift++) {
      queue.add(fibers.getFirst());
      queue.poll(); // so that the ring begins elsewhere each time
      fibers.forEach(queue::add);
      Set<Fiber<?>> taken = new HashSet<>();
      for (int left = 50; left > 0; left--) {
        taken.add(queue.pollRandom(random, left));
      }
      assertEquals(new HashSet<>(fibers.subList(0, 50)), taken);
      for (int left = 50; left > 0; left--) {
        taken.add(queue.pollRandom(random, Long.MAX_VALUE));
      }
      assertEquals(new HashSet<>(fibers), taken);
    }
    assertNull(queue.pollRandom(random, 1));
  }
}
