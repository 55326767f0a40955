package dev.stackful.fuzz;

/**
 * What programs of coroutines do. A slot holds a coroutine, and may be given another; coroutines
 * are called c1, c2 and so on, in the order in which they are made.
 */
sealed interface CoroutineAction extends Action {

  /** A new coroutine for a slot. */
  record New(Slot slot, int routine, boolean otherEngine, boolean fresh, boolean small)
      implements CoroutineAction {
    @Override
    public String toString() {
      return "%s = new coroutine of routine %d%s%s%s"
          .formatted(
              slot,
              routine,
              otherEngine ? " on another engine" : "",
              fresh ? " with a fresh stack" : "",
              small ? " with a small stack" : "");
    }
  }

  /** Resumes, with a new value or null. */
  record Resume(Slot slot, boolean withNull) implements CoroutineAction {
    @Override
    public String toString() {
      return "resume " + slot + (withNull ? " with null" : "");
    }
  }

  /** Raises something new. */
  record Raise(Slot slot, Sort sort) implements CoroutineAction {
    @Override
    public String toString() {
      return "raise " + sort + " in " + slot;
    }
  }

  /** Raises what the handler has caught, if that isn't the very coroutine's own unwinding. */
  record RaiseCaught(Slot slot) implements CoroutineAction {
    @Override
    public String toString() {
      return "raise what was caught in " + slot;
    }
  }

  /** Raises null. */
  record RaiseNull(Slot slot) implements CoroutineAction {
    @Override
    public String toString() {
      return "raise null in " + slot;
    }
  }

  /** Closes. */
  record Close(Slot slot) implements CoroutineAction {
    @Override
    public String toString() {
      return "close " + slot;
    }
  }

  /** Closes the coroutine of that number: what is done with each at the end of a program. */
  record CloseNumber(int number) implements CoroutineAction {
    @Override
    public String toString() {
      return "close c" + number;
    }
  }

  /** Yields by the routine's own yielder, from whatever thread. */
  record Yield(boolean withNull) implements CoroutineAction {
    @Override
    public String toString() {
      return "yield" + (withNull ? " null" : "");
    }
  }

  /** Yields by the yielder that the calling thread is said to have. */
  record YieldByCurrent() implements CoroutineAction {
    @Override
    public String toString() {
      return "yield by the current yielder";
    }
  }

  /** Yields by the yielder of the coroutine in a slot, which has leaked. */
  record YieldThrough(Slot slot) implements CoroutineAction {
    @Override
    public String toString() {
      return "yield by the yielder of " + slot;
    }
  }

  /** Yields again and again, whatever unwinding comes of it. */
  record YieldStubbornly(int times) implements CoroutineAction {
    @Override
    public String toString() {
      return "yield " + times + " times, and catch each unwinding";
    }
  }

  /** Transfers. */
  record Transfer(Slot slot) implements CoroutineAction {
    @Override
    public String toString() {
      return "transfer to " + slot;
    }
  }

  /** Transfers to null. */
  record TransferToNull() implements CoroutineAction {
    @Override
    public String toString() {
      return "transfer to null";
    }
  }

  /** Looks at all slots. */
  record States() implements CoroutineAction {
    @Override
    public String toString() {
      return "states";
    }
  }

  /** Looks at who and where the caller is. */
  record Identity() implements CoroutineAction {
    @Override
    public String toString() {
      return "identity";
    }
  }

  /** Looks at a coroutine's stack. */
  record Trace(Slot slot) implements CoroutineAction {
    @Override
    public String toString() {
      return "stack trace of " + slot;
    }
  }

  /** Interrupts the calling thread. */
  record Interrupt() implements CoroutineAction {
    @Override
    public String toString() {
      return "interrupt oneself";
    }
  }

  /** Interrupts the thread of a coroutine, if it has one. */
  record InterruptSlot(Slot slot) implements CoroutineAction {
    @Override
    public String toString() {
      return "interrupt " + slot;
    }
  }

  /** Takes the calling thread's interrupt. */
  record TakeInterrupt() implements CoroutineAction {
    @Override
    public String toString() {
      return "take the interrupt";
    }
  }

  /** Holds a monitor of the routine's own around a block. */
  record Locked() implements CoroutineAction {
    @Override
    public String toString() {
      return "synchronized";
    }
  }
}
