package dev.stackful.fuzz;

import dev.stackful.fuzz.GeneratorAction.YieldSource.Closing;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@link FailingIterator} does. */
final class ModelFailing implements ModelSource {
  private final Machine machine;
  private final GeneratorAction.YieldSource action;
  private int given;
  private @Nullable Thrown thrown;

  ModelFailing(Machine machine, GeneratorAction.YieldSource action) {
    this.machine = machine;
    this.action = action;
  }

  @Override
  public void ask(ModelThread caller) {
    boolean atEnd = given == action.size();
    if (atEnd && action.failure() != null && action.inHasNext()) {
      fail(caller);
    } else {
      caller.give(Boolean.toString(!atEnd || action.failure() != null));
    }
  }

  @Override
  public void take(ModelThread caller) {
    if (given == action.size()) {
      fail(caller);
    } else {
      given++;
      caller.give(machine.log.nextValue());
    }
  }

  private void fail(ModelThread caller) {
    thrown = machine.newThrown(Objects.requireNonNull(action.failure()));
    caller.raise(thrown);
  }

  @Override
  public boolean isCloseable() {
    return action.closing() != Closing.ABSENT;
  }

  @Override
  public void closeBy(ModelThread caller) {
    machine.log.add(caller.label + ": its source is closed");
    switch (action.closing()) {
      case UNCHECKED -> caller.raise(machine.newThrown(Sort.UNCHECKED));
      case CHECKED -> caller.raise(machine.newThrown(Sort.CHECKED));
      case ERROR -> caller.raise(machine.newThrown(Sort.ERROR));
      case THE_SAME -> {
        if (thrown == null) {
          caller.give("nothing");
        } else {
          caller.raise(thrown);
        }
      }
      default -> caller.give("nothing");
    }
  }
}
