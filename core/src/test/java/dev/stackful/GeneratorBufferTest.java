package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an iterator keeps alive while it is. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class GeneratorBufferTest {
  private final List<WeakReference<Object>> yielded = new ArrayList<>();

  /**
   * In each batch of seven the last is the suspended yield's argument; six are the buffer's alone.
   */
  private GeneratorIterator<Object> objects(int count) {
    return Generator.of(
            scope -> {
              for (int i = 0; i < count; i++) {
                yieldOne(scope);
              }
            })
        .buffered(7)
        .iterator();
  }

  private void yieldOne(GeneratorScope<Object> scope) {
    Object element = new Object();
    yielded.add(new WeakReference<>(element));
    scope.yield(element);
  }

  private static void take(GeneratorIterator<?> iterator, int count) {
    for (int i = 0; i < count; i++) {
      assertNotNull(iterator.next());
    }
  }

  private void awaitCollectionOf(int from, int to) {
    for (WeakReference<Object> element : yielded.subList(from, to)) {
      while (element.get() != null) {
        System.gc();
      }
    }
  }

  @Test
  void anElementThatWasTakenIsNotHeld() {
    GeneratorIterator<Object> iterator = objects(20);
    take(iterator, 4);
    awaitCollectionOf(0, 4);
    take(iterator, 7);
    awaitCollectionOf(4, 11);
    take(iterator, 9); // those of the last batch, which is not full
    awaitCollectionOf(11, 20);
    iterator.close();
  }

  @Test
  void closeForgetsWhatWasYieldedAhead() {
    GeneratorIterator<Object> iterator = objects(20);
    take(iterator, 1);
    iterator.close();
    awaitCollectionOf(0, 7);
    assertNotNull(iterator.toString()); // it is alive
  }

  /** With a body that captures an object, to which {@link #yielded} refers. */
  private GeneratorIterator<Object> capturing() {
    Object captured = new Object();
    yielded.add(new WeakReference<>(captured));
    return Generator.of(
            scope -> {
              scope.yield("first");
              scope.yield(captured.hashCode());
            })
        .iterator();
  }

  @Test
  void aBodyThatHasEndedIsNotHeld() {
    GeneratorIterator<Object> iterator = capturing();
    take(iterator, 2);
    assertFalse(iterator.hasNext());
    awaitCollectionOf(0, 1);
    assertNotNull(iterator.toString());
  }

  @Test
  void aBodyThatWasClosedIsNotHeld() {
    for (int taken = 0; taken < 2; taken++) {
      GeneratorIterator<Object> iterator = capturing();
      take(iterator, taken);
      iterator.close();
      awaitCollectionOf(taken, taken + 1);
      assertNotNull(iterator.toString());
    }
  }
}
