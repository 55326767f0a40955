package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** What {@link PeekableIterator#of} makes of an iterator. */
final class PeekableIteratorTest {
  @Test
  void anElementStaysTheNextUntilItIsTaken() {
    PeekableIterator<Integer> i = PeekableIterator.of(List.of(1, 2).iterator());
    assertEquals(1, i.peek());
    assertEquals(1, i.peek());
    assertTrue(i.hasNext());
    assertEquals(1, i.next());
    assertEquals(2, i.next());
    assertFalse(i.hasNext());
    assertThrows(NoSuchElementException.class, i::peek);
    assertThrows(NoSuchElementException.class, i::next);
  }

  @Test
  void nullIsAnElementLikeAnyOther() {
    PeekableIterator<String> i = PeekableIterator.of(Arrays.asList(null, "a").iterator());
    assertNull(i.peek());
    assertTrue(i.hasNext());
    assertNull(i.next());
    assertEquals("a", i.next());
  }

  @Test
  void noElementIsAskedForBeforeItsTime() {
    List<Integer> asked = new ArrayList<>();
    PeekableIterator<Integer> i =
        PeekableIterator.of(List.of(1, 2, 3).stream().peek(asked::add).iterator());
    assertEquals(List.of(), asked);
    i.peek();
    i.next();
    assertEquals(List.of(1), asked);
  }

  @Test
  void whatIsPeekableAlreadyIsLeftAsItIs() {
    PeekableIterator<Integer> i = PeekableIterator.of(List.of(1).iterator());
    assertSame(i, PeekableIterator.of(i));
  }

  @Test
  void theElementTakenLastIsRemovedUnlessTheNextHasBeenPeekedAt() {
    List<Integer> list = new ArrayList<>(List.of(1, 2, 3));
    Iterator<Integer> plain = list.iterator();
    PeekableIterator<Integer> i = PeekableIterator.of(plain);
    i.peek();
    assertThrows(IllegalStateException.class, i::remove);
    i.next();
    i.remove();
    assertEquals(List.of(2, 3), list);
    i.next();
    i.peek();
    assertThrows(IllegalStateException.class, i::remove);
    assertEquals(List.of(2, 3), list);
  }
}
