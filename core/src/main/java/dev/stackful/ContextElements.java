package dev.stackful;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@linkplain ContextElement elements} of one coroutine, and what they hold for its turn. They
 * are set in order and put back in reverse.
 */
final class ContextElements {
  private final List<ContextElement<@Nullable Object, @Nullable Object>> elements;

  /** For the turn that is about to begin or goes on. */
  private @Nullable Object[] captured = {};

  private final @Nullable Object[] previous;

  /** How many of them are set: all of them, while the body runs. */
  private int set;

  @SuppressWarnings("unchecked") // each is given nothing but what it gave
  private ContextElements(List<ContextElement<?, ?>> elements) {
    this.elements = (List<ContextElement<@Nullable Object, @Nullable Object>>) (List<?>) elements;
    this.previous = new Object[elements.size()];
  }

  /** Null if there are none. */
  static @Nullable ContextElements of(List<ContextElement<?, ?>> elements) {
    return elements.isEmpty() ? null : new ContextElements(elements);
  }

  /** On the resumer's thread, which may not have the claim yet: changes nothing. */
  @Nullable Object[] capture() {
    @Nullable Object[] taken = new Object[elements.size()];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = elements.get(i).capture();
    }
    return taken;
  }

  /** What the next {@link #set} is to set. By whoever has the claim. */
  void hand(@Nullable Object[] taken) {
    captured = taken;
  }

  /** On the body's thread, as it goes on. If it throws, none is set. */
  void set() {
    try {
      while (set < previous.length) {
        previous[set] = elements.get(set).set(captured[set]);
        set++;
      }
    } catch (Throwable t) {
      putBack(t);
      throw t;
    }
  }

  /** On the body's thread, before it leaves. If it throws, all are set. */
  void restore() {
    Throwable thrown = putBack(null);
    if (thrown != null) {
      setAgain(thrown);
      throwUnchecked(thrown);
    }
  }

  /** The body could not leave after all, because of {@code thrown}. */
  void setAgain(Throwable thrown) {
    try {
      set();
    } catch (Throwable t) {
      suppress(thrown, t);
    }
  }

  /** At the end of the body: never throws, but tells what the body ends with now. */
  @Nullable Throwable end(@Nullable Throwable failure) {
    Throwable thrown = putBack(failure);
    captured = new Object[0];
    return thrown;
  }

  /** All of them, whatever they throw: that is suppressed in what was thrown first. */
  private @Nullable Throwable putBack(@Nullable Throwable first) {
    Throwable thrown = first;
    while (set > 0) {
      set--;
      Object before = previous[set];
      previous[set] = null;
      try {
        elements.get(set).restore(before);
      } catch (Throwable t) {
        if (thrown == null) {
          thrown = t;
        } else {
          suppress(thrown, t);
        }
      }
    }
    return thrown;
  }

  private static void suppress(Throwable thrown, Throwable second) {
    if (second != thrown) {
      thrown.addSuppressed(second);
    }
  }

  @SuppressWarnings("unchecked") // restore may throw a checked exception from a language with none
  private static <X extends Throwable> void throwUnchecked(Throwable thrown) throws X {
    throw (X) thrown;
  }
}
