package dev.stackful.internal.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is put where comes out there, whatever the ring does below. */
final class ReadyQueueTest {
  private final ReadyQueue<String> queue = new ReadyQueue<>();

  private static List<String> elements(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private @Nullable String poll() {
    String first = queue.first();
    if (first != null) {
      queue.removeFirst();
    }
    return first;
  }

  @Test
  void whatItMakesRoomForLeavesTheOrder() {
    List<String> elements = elements(60);
    elements.forEach(queue::add);
    for (String element : elements.subList(0, 40)) {
      assertSame(element, poll());
      queue.add(element); // goes around in the ring
    }
    queue.reserve(1_000);
    assertEquals(60, queue.size());
    elements.subList(40, 60).forEach(element -> assertSame(element, poll()));
    elements.subList(0, 40).forEach(element -> assertSame(element, poll()));
    assertNull(poll());
  }

  @Test
  void itIsAQueueWhateverIsAddedAndTakenWhen() {
    List<String> elements = elements(1_000);
    ArrayDeque<String> model = new ArrayDeque<>();
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      String element = elements.get(random.nextInt(elements.size()));
      switch (random.nextInt(i % 10_000 < 5_000 ? 6 : 10)) {
        case 0, 1 -> {
          queue.add(element);
          model.add(element);
        }
        case 2 -> {
          queue.addFirst(element);
          model.addFirst(element);
        }
        case 3 -> {
          String first = model.poll();
          if (first == null) {
            break;
          }
          queue.addSecond(element);
          model.addFirst(element);
          model.addFirst(first);
        }
        default -> assertSame(model.poll(), poll());
      }
      assertEquals(model.size(), queue.size());
    }
    while (!model.isEmpty()) {
      assertSame(model.poll(), poll());
    }
    assertTrue(queue.isEmpty());
    assertNull(poll());
  }

  @Test
  void anyMayComeForward() {
    List<String> elements = elements(100);
    for (int shift = 0; shift < 200; shift++) {
      queue.add("");
      poll(); // so that the ring begins elsewhere each time
      elements.forEach(queue::add);
      queue.bringForward(shift % 100);
      assertEquals(elements.get(shift % 100), poll());
      Set<String> others = new HashSet<>(elements);
      others.remove(elements.get(shift % 100));
      for (int left = 99; left > 0; left--) {
        assertTrue(others.remove(poll()));
      }
      assertTrue(queue.isEmpty());
    }
  }
}
