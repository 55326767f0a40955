package dev.stackful.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes elements of a source, one after the other, and closes it after: a {@code while} over {@code
 * hasNext} and {@code next} in a {@code try}-with-resources.
 */
final class ModelDrain implements Strand.Frame {
  private final ModelThread caller;
  private final ModelSource source;

  /** What is done with each element, to the caller; null to collect them. */
  private final @Nullable Consumer<String> use;

  private final boolean closes;
  private final List<String> collected = new ArrayList<>();
  private int left;
  private Waiting waiting = Waiting.TO_BEGIN;

  /** What was thrown before the source was closed. */
  private @Nullable Thrown primary;

  private enum Waiting {
    TO_BEGIN,
    FOR_ANSWER,
    FOR_ELEMENT,
    FOR_USE,
    FOR_CLOSE
  }

  private ModelDrain(
      ModelThread caller,
      ModelSource source,
      int most,
      @Nullable Consumer<String> use,
      boolean closes) {
    this.caller = caller;
    this.source = source;
    this.left = most;
    this.use = use;
    this.closes = closes;
  }

  /** Collects up to so many, and gives them to the caller. */
  static ModelDrain into(ModelThread caller, ModelSource source, int most, boolean closes) {
    return new ModelDrain(caller, source, most, null, closes);
  }

  /** Does something with all of them, and closes the source, if it is closeable. */
  static ModelDrain by(ModelThread caller, ModelSource source, Consumer<String> use) {
    return new ModelDrain(caller, source, Integer.MAX_VALUE, use, source.isCloseable());
  }

  @Override
  public void step() {
    if (waiting == Waiting.FOR_CLOSE) {
      end();
    } else if (caller.isThrowing()) {
      primary = caller.take();
      close();
    } else {
      goOn();
    }
  }

  private void goOn() {
    switch (waiting) {
      case FOR_ANSWER -> {
        if (caller.value.equals("true")) {
          waiting = Waiting.FOR_ELEMENT;
          source.take(caller);
        } else {
          close();
        }
      }
      case FOR_ELEMENT -> {
        left--;
        waiting = Waiting.FOR_USE;
        if (use != null) {
          use.accept(caller.value);
        } else {
          collected.add(caller.value);
        }
      }
      default -> {
        if (left == 0) {
          close();
        } else {
          waiting = Waiting.FOR_ANSWER;
          source.ask(caller);
        }
      }
    }
  }

  private void close() {
    waiting = Waiting.FOR_CLOSE;
    if (closes) {
      source.closeBy(caller);
    }
  }

  private void end() {
    caller.pop();
    Thrown byClose = caller.isThrowing() ? caller.take() : null;
    if (primary != null) {
      if (byClose != null && byClose != primary) {
        primary.addSuppressed(byClose);
      }
      caller.raise(primary);
    } else if (byClose != null) {
      caller.raise(byClose.unchecked("CoroutineException"));
    } else {
      caller.give(use == null ? collected.toString() : "nothing");
    }
  }
}
