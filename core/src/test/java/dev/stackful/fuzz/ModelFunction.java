package dev.stackful.fuzz;

import dev.stackful.fuzz.ForeignAction.Answer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A C function of the tests, written again in Java, up to its next call of a callback. */
abstract class ModelFunction {
  private static final int STEPS = 10;

  /** How many of the values are passed: as many as there are registers for. */
  private static final int INTEGERS = 6;

  private static final int DOUBLES = 8;

  /** A call of a callback, in which it waits. */
  record Call(
      String callback, String arguments, Answer.@Nullable Type returns, long least, long most) {
    static Call yield(long value) {
      return new Call(
          "yielder", "[" + value + "]", Answer.Type.INTEGER, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    boolean isYield() {
      return callback.equals("yielder");
    }

    boolean mustBeAnswered() {
      return returns != null && !isYield();
    }

    /** What an answer is to C code; null if it is none. */
    @Nullable String answer(Answer.Type type, int value) {
      if (type != returns || (type == Answer.Type.INTEGER && (value < least || value > most))) {
        return null;
      }
      return type == Answer.Type.DOUBLE ? Double.toString(value) : Integer.toString(value);
    }

    @Override
    public String toString() {
      return callback + arguments;
    }
  }

  private String result = "";

  /**
   * Goes on.
   *
   * @param answer what the pending call returns; the first time it is of no meaning
   * @return the next call, or null at the end
   */
  abstract @Nullable Call goOn(String answer);

  final String result() {
    return result;
  }

  final @Nullable Call end(String returned) {
    result = returned;
    return null;
  }

  static ModelFunction of(ForeignFunction function, int size) {
    return switch (function) {
      case COUNT_UP -> new Yielding(size, false);
      case WORK -> new Yielding(size, true);
      case RECURSE -> new Recursing(size);
      case PARSE -> new Parsing(ForeignFunction.text(size));
      case PASS_INT ->
          new Passing(
              new Call(
                  "of int",
                  ForeignFunction.values(size).subList(0, INTEGERS).toString(),
                  Answer.Type.INTEGER,
                  Integer.MIN_VALUE,
                  Integer.MAX_VALUE));
      case PASS_BYTE ->
          new Passing(
              new Call(
                  "of byte",
                  ForeignFunction.values(size).subList(0, INTEGERS).toString(),
                  Answer.Type.INTEGER,
                  Byte.MIN_VALUE,
                  Byte.MAX_VALUE));
      case PASS_DOUBLE -> {
        List<Double> values =
            ForeignFunction.values(size).subList(0, DOUBLES).stream()
                .map(Integer::doubleValue)
                .toList();
        yield new Passing(new Call("of double", values.toString(), Answer.Type.DOUBLE, 0, 0));
      }
    };
  }

  /** count_up, and work, which adds up something else. */
  private static final class Yielding extends ModelFunction {
    private final int limit;
    private final boolean works;
    private long sum;
    private int next;

    Yielding(int limit, boolean works) {
      this.limit = limit;
      this.works = works;
    }

    @Override
    @Nullable Call goOn(String answer) {
      if (next > 0 && !works) {
        sum += Long.parseLong(answer);
      }
      if (next == limit) {
        long added = (long) limit * STEPS * (STEPS - 1) / 2;
        return end(Long.toString(works ? added : sum));
      }
      return Call.yield(next++);
    }
  }

  private static final class Recursing extends ModelFunction {
    private final int depth;
    private boolean yielded;

    Recursing(int depth) {
      this.depth = depth;
    }

    @Override
    @Nullable Call goOn(String answer) {
      if (yielded) {
        return end(Long.toString(Long.parseLong(answer) + depth + 1));
      }
      yielded = true;
      return Call.yield(0);
    }
  }

  private static final class Parsing extends ModelFunction {
    private final String text;
    private int at;
    private int depth;
    private boolean inData;

    Parsing(String text) {
      this.text = text;
    }

    @Override
    @Nullable Call goOn(String answer) {
      if (inData && answer.equals("0")) {
        return end("-1");
      }
      inData = false;
      if (at == text.length()) {
        return end(Integer.toString(depth));
      }
      char c = text.charAt(at++);
      return switch (c) {
        case '(' -> new Call("begin", "[" + depth++ + "]", null, 0, 0);
        case ')' -> new Call("end", "[" + --depth + "]", null, 0, 0);
        default -> {
          inData = true;
          yield new Call("data", "[" + (int) c + "]", Answer.Type.POINTER, 0, 0);
        }
      };
    }
  }

  private static final class Passing extends ModelFunction {
    private final Call call;
    private boolean called;

    Passing(Call call) {
      this.call = call;
    }

    @Override
    @Nullable Call goOn(String answer) {
      if (called) {
        return end(answer);
      }
      called = true;
      return call;
    }
  }
}
