package dev.stackful.internal.fiber;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fibers that haven't ended, in the order in which they were spawned. The links are in the
 * fibers: to add and to remove one allocates nothing.
 */
final class LiveFibers<F extends LiveFibers.Link<F>> {

  /** A fiber's place in the list. */
  abstract static class Link<F extends Link<F>> {
    private @Nullable F previous;
    private @Nullable F next;
  }

  private @Nullable F first;
  private @Nullable F last;
  private int size;

  int size() {
    return size;
  }

  void add(F fiber) {
    Link<F> link = fiber;
    F before = last;
    link.previous = before;
    if (before == null) {
      first = fiber;
    } else {
      Link<F> previous = before;
      previous.next = fiber;
    }
    last = fiber;
    size++;
  }

  /** Does nothing if the fiber isn't in the list. */
  void remove(F fiber) {
    Link<F> link = fiber;
    Link<F> before = link.previous;
    if (before == null && first != fiber) {
      return;
    }
    Link<F> after = link.next;
    if (before == null) {
      first = link.next;
    } else {
      before.next = link.next;
    }
    if (after == null) {
      last = link.previous;
    } else {
      after.previous = link.previous;
    }
    link.previous = null;
    link.next = null;
    size--;
  }

  /** All of them as they are now. */
  List<F> list() {
    List<F> fibers = new ArrayList<>(size);
    for (F fiber = first; fiber != null; fiber = ((Link<F>) fiber).next) {
      fibers.add(fiber);
    }
    return fibers;
  }
}
