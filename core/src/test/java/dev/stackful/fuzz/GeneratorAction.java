package dev.stackful.fuzz;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What programs of generators do. A slot holds an iterator, and may be given another. Iterators and
 * streams are called g1, g2 and so on, in the order in which they are made.
 */
sealed interface GeneratorAction extends Action {

  /** A generator: what it runs, and what for. */
  record Recipe(int routine, int buffer, boolean otherEngine) {
    @Override
    public String toString() {
      return "routine %d%s%s"
          .formatted(
              routine,
              buffer == 1 ? "" : " buffered " + buffer,
              otherEngine ? " on another engine" : "");
    }
  }

  /** A new iterator for a slot. */
  record Open(Slot slot, Recipe recipe) implements GeneratorAction {
    @Override
    public String toString() {
      return slot + " = an iterator of " + recipe;
    }
  }

  /** Asks for another element. */
  record HasNext(Slot slot) implements GeneratorAction {
    @Override
    public String toString() {
      return "hasNext of " + slot;
    }
  }

  /** Takes an element. */
  record Next(Slot slot) implements GeneratorAction {
    @Override
    public String toString() {
      return "next of " + slot;
    }
  }

  /** Looks at an element. */
  record Peek(Slot slot) implements GeneratorAction {
    @Override
    public String toString() {
      return "peek of " + slot;
    }
  }

  /** Takes the next elements, up to a number. */
  record Take(Slot slot, int most) implements GeneratorAction {
    @Override
    public String toString() {
      return "take " + most + " of " + slot;
    }
  }

  /** Closes an iterator. */
  record Close(Slot slot) implements GeneratorAction {
    @Override
    public String toString() {
      return "close " + slot;
    }
  }

  /** Closes the iterator of that number: what is done with each at the end of a program. */
  record CloseNumber(int number) implements GeneratorAction {
    @Override
    public String toString() {
      return "close g" + number;
    }
  }

  /** Asks an iterator that was closed for more. */
  record HasNextNumber(int number) implements GeneratorAction {
    @Override
    public String toString() {
      return "hasNext of g" + number;
    }
  }

  /** Takes elements of a stream, up to a number, and closes it. */
  record TakeFromStream(Recipe recipe, int most) implements GeneratorAction {
    @Override
    public String toString() {
      return "take " + most + " of a stream of " + recipe;
    }
  }

  /** Yields by the routine's own scope, from whatever thread. */
  record Yield(boolean withNull) implements GeneratorAction {
    @Override
    public String toString() {
      return "yield" + (withNull ? " null" : "");
    }
  }

  /** Yields by the scope that the calling thread is said to have. */
  record YieldByCurrent() implements GeneratorAction {
    @Override
    public String toString() {
      return "yield by the current scope";
    }
  }

  /** Yields by the scope of an iterator's body, which has leaked. */
  record YieldThrough(Slot slot) implements GeneratorAction {
    @Override
    public String toString() {
      return "yield by the scope of " + slot;
    }
  }

  /** Yields again and again, whatever unwinding comes of it. */
  record YieldStubbornly(int times) implements GeneratorAction {
    @Override
    public String toString() {
      return "yield " + times + " times, and catch each unwinding";
    }
  }

  /** Yields the elements of a list. */
  record YieldList(int size) implements GeneratorAction {
    @Override
    public String toString() {
      return "yieldAll of a list of " + size;
    }
  }

  /** Yields all of a generator, in place. */
  record YieldGenerator(Recipe recipe) implements GeneratorAction {
    @Override
    public String toString() {
      return "yieldAll of " + recipe;
    }
  }

  /** Yields all that an iterator of a generator gives, which runs on a stack of its own. */
  record YieldIterator(Recipe recipe) implements GeneratorAction {
    @Override
    public String toString() {
      return "yieldAll of an iterator of " + recipe;
    }
  }

  /** Yields what an iterator in a slot has left. */
  record YieldSlot(Slot slot) implements GeneratorAction {
    @Override
    public String toString() {
      return "yieldAll of " + slot;
    }
  }

  /** Yields all of nothing. */
  record YieldAllOfNull() implements GeneratorAction {
    @Override
    public String toString() {
      return "yieldAll of null";
    }
  }

  /**
   * Yields all of an iterator that may fail.
   *
   * @param failure what it throws after its elements, instead of ending
   * @param inHasNext whether {@code hasNext} throws that, and not {@code next}
   */
  record YieldSource(int size, @Nullable Sort failure, boolean inHasNext, Closing closing)
      implements GeneratorAction {
    /** What its close does. */
    enum Closing {
      ABSENT,
      QUIET,
      UNCHECKED,
      CHECKED,
      ERROR,
      /** It throws what the iterator has thrown already, if it has. */
      THE_SAME
    }

    @Override
    public String toString() {
      return "yieldAll of %d elements%s, close: %s"
          .formatted(
              size,
              failure == null ? "" : ", then " + failure + (inHasNext ? " in hasNext" : " in next"),
              closing.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Resumes the coroutine that the body runs in, which isn't the body's to resume. */
  record ResumeCurrent() implements GeneratorAction {
    @Override
    public String toString() {
      return "resume the current coroutine";
    }
  }

  /** Asks for the yielder of the coroutine that the body runs in. */
  record CurrentYielder() implements GeneratorAction {
    @Override
    public String toString() {
      return "the current yielder";
    }
  }

  /** Looks at who and where the caller is. */
  record Identity() implements GeneratorAction {
    @Override
    public String toString() {
      return "identity";
    }
  }
}
