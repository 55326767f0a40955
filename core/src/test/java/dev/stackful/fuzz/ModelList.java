package dev.stackful.fuzz;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A list's elements. */
final class ModelList implements ModelSource {
  private final Deque<String> left;

  ModelList(List<String> elements) {
    this.left = new ArrayDeque<>(elements);
  }

  @Override
  public void ask(ModelThread caller) {
    caller.give(Boolean.toString(!left.isEmpty()));
  }

  @Override
  public void take(ModelThread caller) {
    caller.give(left.remove());
  }

  @Override
  public boolean isCloseable() {
    return false;
  }

  @Override
  public void closeBy(ModelThread caller) {
    throw new AssertionError("a list isn't closed");
  }
}
