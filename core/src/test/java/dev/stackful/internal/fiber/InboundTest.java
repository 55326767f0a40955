package dev.stackful.internal.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What other threads ask for is done once and in order, whatever comes between. */
final class InboundTest {
  private final Inbound inbound = new Inbound();
  private final List<String> done = new ArrayList<>();

  @Test
  void whatIsBehindAnActionThatThrowsIsDoneTheNextTime() {
    inbound.push(() -> done.add("first"));
    inbound.push(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    inbound.push(() -> done.add("third"));
    assertThrows(IllegalStateException.class, inbound::drain);
    inbound.push(() -> done.add("fourth"));
    assertFalse(inbound.isEmpty());
    inbound.drain();
    assertEquals(List.of("first", "third", "fourth"), done);
    assertTrue(inbound.isEmpty());
  }

  @Test
  void onceClosedItHasDoneAllAndTakesNothing() {
    inbound.push(() -> inbound.push(() -> done.add("pushed by an action")));
    inbound.close();
    assertFalse(inbound.push(() -> done.add("too late")));
    assertEquals(List.of("pushed by an action"), done);
  }
}
