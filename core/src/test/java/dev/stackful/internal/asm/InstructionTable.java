package dev.stackful.internal.asm;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The instruction methods of an assembler, each with the operands to try it with.
 *
 * <p>A row names a method as {@code mov(Reg,Mem)}, without the comment that every method takes
 * last, and gives a list of values for each parameter; every combination of them is emitted. A
 * method may have several rows.
 */
final class InstructionTable {
  private record Row(Method method, List<List<?>> values) {}

  /** One call of an instruction method: its name and its arguments but for the comment. */
  record Call(String method, List<Object> arguments) {
    /** Whether the method's name ends in a width, so that its registers are 32 bits wide. */
    boolean isNarrow() {
      return method.matches(".*(16|32)");
    }

    /** The method's name without the width. */
    String operation() {
      return isNarrow() ? method.substring(0, method.length() - 2) : method;
    }

    <T> T argument(int index, Class<T> type) {
      return type.cast(arguments.get(index));
    }
  }

  private final Class<? extends Assembler> assembler;
  private final List<Row> rows = new ArrayList<>();

  InstructionTable(Class<? extends Assembler> assembler) {
    this.assembler = assembler;
  }

  InstructionTable row(String signature, List<?>... values) {
    Method method =
        methods().stream()
            .filter(candidate -> signature(candidate).equals(signature))
            .findAny()
            .orElseThrow(() -> new IllegalArgumentException("no method " + signature));
    rows.add(new Row(method, List.of(values)));
    return this;
  }

  /** The instruction methods that have no row. */
  Set<String> missing() {
    Set<String> missing =
        methods().stream()
            .map(InstructionTable::signature)
            .collect(Collectors.toCollection(TreeSet::new));
    rows.forEach(row -> missing.remove(signature(row.method)));
    return missing;
  }

  /**
   * Emits every row, every combination of its values.
   *
   * @return the calls; the comment of each line is the index of its call
   */
  List<Call> emit(Assembler to) {
    List<Call> calls = new ArrayList<>();
    rows.forEach(row -> emit(to, row, new ArrayList<>(), calls));
    return calls;
  }

  private static void emit(Assembler to, Row row, List<Object> chosen, List<Call> calls) {
    if (chosen.size() == row.values.size()) {
      List<Object> arguments = new ArrayList<>(chosen);
      arguments.add(new String[] {Integer.toString(calls.size())});
      calls.add(new Call(row.method.getName(), List.copyOf(chosen)));
      try {
        row.method.invoke(to, arguments.toArray());
      } catch (InvocationTargetException e) {
        throw new IllegalStateException(signature(row.method) + " of " + chosen, e.getCause());
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
      return;
    }
    for (Object value : row.values.get(chosen.size())) {
      chosen.add(value);
      emit(to, row, chosen, calls);
      chosen.removeLast();
    }
  }

  /** An instruction method is public and takes the comment last. */
  private List<Method> methods() {
    return Arrays.stream(assembler.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> method.getParameterCount() > 0)
        .filter(
            method -> method.getParameterTypes()[method.getParameterCount() - 1] == String[].class)
        .toList();
  }

  private static String signature(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .limit(method.getParameterCount() - 1L)
        .map(Class::getSimpleName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }
}
