package dev.stackful.fuzz;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The C functions that random programs run: they are in src/test/c. */
enum ForeignFunction {
  /**
   * {@code long count_up(yield, limit)}: yields 0, 1 and so on, and returns the sum of the answers.
   */
  COUNT_UP(FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG), List.of()),

  /** {@code long work(yield, yields, steps)}: takes no notice of the answers. */
  WORK(FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG), List.of()),

  /** {@code long recurse(yield, depth)}: yields once, deep down. */
  RECURSE(FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG), List.of()),

  /** {@code int parse(text, begin, end, data)}: calls three callbacks. */
  PARSE(
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
      List.of("begin", "end", "data")),

  /** {@code int pass_int(f, values)}: returns what f does. */
  PASS_INT(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS), List.of("of int")),

  /** The same with bytes. */
  PASS_BYTE(FunctionDescriptor.of(JAVA_BYTE, ADDRESS, ADDRESS), List.of("of byte")),

  /** The same with doubles. */
  PASS_DOUBLE(FunctionDescriptor.of(JAVA_DOUBLE, ADDRESS, ADDRESS), List.of("of double"));

  /** The types of the callbacks, by their names. */
  static final Map<String, FunctionDescriptor> CALLBACKS =
      Map.of(
          "begin", FunctionDescriptor.ofVoid(JAVA_INT),
          "end", FunctionDescriptor.ofVoid(JAVA_INT),
          "data", FunctionDescriptor.of(ADDRESS, JAVA_BYTE),
          "of int",
              FunctionDescriptor.of(
                  JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          "of byte",
              FunctionDescriptor.of(
                  JAVA_BYTE, JAVA_BYTE, JAVA_BYTE, JAVA_BYTE, JAVA_BYTE, JAVA_BYTE, JAVA_BYTE),
          "of double",
              FunctionDescriptor.of(
                  JAVA_DOUBLE,
                  JAVA_DOUBLE,
                  JAVA_DOUBLE,
                  JAVA_DOUBLE,
                  JAVA_DOUBLE,
                  JAVA_DOUBLE,
                  JAVA_DOUBLE,
                  JAVA_DOUBLE,
                  JAVA_DOUBLE));

  private static final String TEXT = "a(b(c)d)(e)";

  @SuppressWarnings("ImmutableEnumChecker") // all descriptors are
  private final FunctionDescriptor descriptor;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> callbacks;

  ForeignFunction(FunctionDescriptor descriptor, List<String> callbacks) {
    this.descriptor = descriptor;
    this.callbacks = callbacks;
  }

  String symbol() {
    return name().toLowerCase(Locale.ROOT);
  }

  FunctionDescriptor descriptor() {
    return descriptor;
  }

  /** The names of its callbacks; without any, it has the yielder. */
  List<String> callbacks() {
    return callbacks;
  }

  /** What is parsed, for a size. */
  static String text(int size) {
    return TEXT.substring(0, Math.min(size, TEXT.length()));
  }

  /** The values that are passed, for a size. */
  static List<Integer> values(int size) {
    return List.of(size, -size, 2 * size, 0, 100 - size, -1, 7, 8);
  }

  @Override
  public String toString() {
    return symbol();
  }
}
