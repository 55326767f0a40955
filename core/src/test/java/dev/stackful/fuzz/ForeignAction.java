package dev.stackful.fuzz;

import java.util.Locale;

/**
 * What programs of foreign coroutines do. A slot holds one, and may be given another; they are
 * called k1, k2 and so on, in the order in which they are made.
 */
sealed interface ForeignAction extends Action {

  /** A new one for a slot. */
  record New(Slot slot, boolean shared, boolean critical) implements ForeignAction {
    @Override
    public String toString() {
      return "%s = new %s%s"
          .formatted(slot, shared ? "shared" : "confined", critical ? ", critical" : "");
    }
  }

  /** Starts a function, rightly or not. */
  record Start(Slot slot, ForeignFunction function, int size, Flaw flaw) implements ForeignAction {
    /** What is wrong about it. */
    enum Flaw {
      NONE,
      NO_FUNCTION,
      TOO_FEW_ARGUMENTS,
      WRONG_TYPE,
      ON_THE_HEAP
    }

    @Override
    public String toString() {
      return "start %s of %d in %s%s"
          .formatted(
              function,
              size,
              slot,
              flaw == Flaw.NONE ? "" : " with " + flaw.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Resumes. */
  record Resume(Slot slot) implements ForeignAction {
    @Override
    public String toString() {
      return "resume " + slot;
    }
  }

  /** Answers and resumes. */
  record ResumeWith(Slot slot, int answer) implements ForeignAction {
    @Override
    public String toString() {
      return "resume " + slot + " with " + answer;
    }
  }

  /** Answers the pending call. */
  record Answer(Slot slot, Type type, int value) implements ForeignAction {
    /** What with. */
    enum Type {
      INTEGER,
      BOOLEAN,
      FLOAT,
      DOUBLE,
      POINTER
    }

    @Override
    public String toString() {
      return "answer %s in %s by %d".formatted(type.name().toLowerCase(Locale.ROOT), slot, value);
    }
  }

  /** Answers the pending call by a value of its type, and resumes. */
  record GoOn(Slot slot, int value) implements ForeignAction {
    @Override
    public String toString() {
      return "go on in " + slot + " by " + value;
    }
  }

  /** Answers by the yielder, whatever is pending. */
  record AnswerYielder(Slot slot, int value) implements ForeignAction {
    @Override
    public String toString() {
      return "answer the yielder of " + slot + " by " + value;
    }
  }

  /** Looks at the pending call. */
  record Called(Slot slot) implements ForeignAction {
    @Override
    public String toString() {
      return "called in " + slot;
    }
  }

  /** Looks at the result. */
  record Result(Slot slot) implements ForeignAction {
    @Override
    public String toString() {
      return "result of " + slot;
    }
  }

  /** Looks at the states of all slots. */
  record States() implements ForeignAction {
    @Override
    public String toString() {
      return "states";
    }
  }

  /** Closes. */
  record Close(Slot slot) implements ForeignAction {
    @Override
    public String toString() {
      return "close " + slot;
    }
  }

  /** Closes the one of that number: what is done with each at the end of a program. */
  record CloseNumber(int number) implements ForeignAction {
    @Override
    public String toString() {
      return "close k" + number;
    }
  }

  /** A block in a coroutine's body. */
  record InBody() implements ForeignAction {
    @Override
    public String toString() {
      return "in a coroutine";
    }
  }
}
