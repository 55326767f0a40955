package dev.stackful.fiber;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The usual joiners of a {@link FiberScope}. */
final class Joiners {
  private Joiners() {}

  /** Throws for a fiber that has ended without success. */
  private static RuntimeException failureOf(Fiber<?> fiber) {
    return fiber.state() == Fiber.State.FAILED
        ? fiber.failedException()
        : fiber.cancellationException();
  }

  /** All have to succeed. */
  static final class AllSuccessful<T extends @Nullable Object, R extends @Nullable Object>
      implements FiberScope.Joiner<T, R> {
    private final Function<List<T>, R> finisher;
    private final List<Fiber<? extends T>> forked = new ArrayList<>();
    private @Nullable Fiber<?> unsuccessful;

    AllSuccessful(Function<List<T>, R> finisher) {
      this.finisher = finisher;
    }

    @Override
    public boolean onFork(Fiber<? extends T> fiber) {
      forked.add(fiber);
      return false;
    }

    @Override
    public boolean onComplete(Fiber<? extends T> fiber) {
      if (unsuccessful == null && fiber.state() != Fiber.State.SUCCEEDED) {
        unsuccessful = fiber;
      }
      return unsuccessful != null;
    }

    @Override
    public R result() {
      if (unsuccessful != null) {
        throw failureOf(unsuccessful);
      }
      List<T> results = new ArrayList<>(forked.size()); // may hold nulls
      for (Fiber<? extends T> fiber : forked) {
        results.add(fiber.result());
      }
      return finisher.apply(Collections.unmodifiableList(results));
    }
  }

  /** One has to succeed. */
  static final class AnySuccessful<T extends @Nullable Object> implements FiberScope.Joiner<T, T> {
    private @Nullable Fiber<? extends T> successful;
    private @Nullable Fiber<?> unsuccessful;

    @Override
    public boolean onComplete(Fiber<? extends T> fiber) {
      if (fiber.state() == Fiber.State.SUCCEEDED) {
        successful = fiber;
      } else if (unsuccessful == null) {
        unsuccessful = fiber;
      }
      return successful != null;
    }

    @Override
    public T result() {
      if (successful != null) {
        return successful.result();
      }
      if (unsuccessful != null) {
        throw failureOf(unsuccessful);
      }
      throw new NoSuchElementException("no fiber was forked");
    }
  }

  /** All, whatever became of them. */
  static final class AllUntil<T extends @Nullable Object>
      implements FiberScope.Joiner<T, List<Fiber<? extends T>>> {
    private final Predicate<? super Fiber<? extends T>> isDone;
    private final List<Fiber<? extends T>> forked = new ArrayList<>();

    AllUntil(Predicate<? super Fiber<? extends T>> isDone) {
      this.isDone = isDone;
    }

    @Override
    public boolean onFork(Fiber<? extends T> fiber) {
      forked.add(fiber);
      return false;
    }

    @Override
    public boolean onComplete(Fiber<? extends T> fiber) {
      return isDone.test(fiber);
    }

    @Override
    public List<Fiber<? extends T>> result() {
      return List.copyOf(forked);
    }
  }
}
