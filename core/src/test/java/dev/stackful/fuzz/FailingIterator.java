package dev.stackful.fuzz;

import dev.stackful.fuzz.GeneratorAction.YieldSource.Closing;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An iterator that fails, or whose close does. */
final class FailingIterator implements Iterator<@Nullable String> {
  private final Interpreter caller;
  private final GeneratorAction.YieldSource action;
  private int given;
  private @Nullable Throwable thrown;

  private FailingIterator(Interpreter caller, GeneratorAction.YieldSource action) {
    this.caller = caller;
    this.action = action;
  }

  static Iterator<@Nullable String> of(Interpreter caller, GeneratorAction.YieldSource action) {
    FailingIterator iterator = new FailingIterator(caller, action);
    return action.closing() == Closing.ABSENT ? iterator : new Closeable(iterator);
  }

  @Override
  public boolean hasNext() {
    boolean atEnd = given == action.size();
    if (atEnd && action.failure() != null && action.inHasNext()) {
      throw failure();
    }
    return !atEnd || action.failure() != null;
  }

  @Override
  public @Nullable String next() {
    if (given == action.size()) {
      throw failure();
    }
    given++;
    return caller.log.nextValue();
  }

  private RuntimeException failure() {
    thrown = caller.newThrowable(Objects.requireNonNull(action.failure()));
    throw Planned.<RuntimeException>thrown(thrown);
  }

  /** The same, to be closed. */
  @SuppressWarnings("try") // it throws what a program says, which is no interrupt
  private static final class Closeable implements Iterator<@Nullable String>, AutoCloseable {
    private final FailingIterator iterator;

    Closeable(FailingIterator iterator) {
      this.iterator = iterator;
    }

    @Override
    public boolean hasNext() {
      return iterator.hasNext();
    }

    @Override
    public @Nullable String next() {
      return iterator.next();
    }

    @Override
    public void close() throws Exception {
      Interpreter caller = iterator.caller;
      caller.log.add(caller.label + ": its source is closed");
      Throwable thrown =
          switch (iterator.action.closing()) {
            case UNCHECKED -> caller.newThrowable(Sort.UNCHECKED);
            case CHECKED -> caller.newThrowable(Sort.CHECKED);
            case ERROR -> caller.newThrowable(Sort.ERROR);
            case THE_SAME -> iterator.thrown;
            default -> null;
          };
      if (thrown != null) {
        throw Planned.thrown(thrown);
      }
    }
  }
}
