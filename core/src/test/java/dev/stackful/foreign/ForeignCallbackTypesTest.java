package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_CHAR;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.stackful.internal.os.Isa;
import dev.stackful.testing.CompiledC;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type at every position, as compiled C passes it, takes it and returns it. */
final class ForeignCallbackTypesTest {
  private final ForeignCoroutine c = ForeignCoroutine.ofConfined();
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    c.close();
    arena.close();
  }

  static Stream<Arguments> types() {
    return Stream.of(
        arguments("bool", JAVA_BOOLEAN, List.of(true, false, true, true, false, true)),
        arguments("byte", JAVA_BYTE, bytes(1, -1, Byte.MIN_VALUE, Byte.MAX_VALUE, 0, 0x55)),
        arguments("short", JAVA_SHORT, shorts(1, -1, Short.MIN_VALUE, Short.MAX_VALUE, 0, 0x5555)),
        arguments("char", JAVA_CHAR, List.of('a', '\uffff', '\u8000', '\u7fff', '\0', '\u5555')),
        arguments(
            "int", JAVA_INT, List.of(1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 0x55555555)),
        arguments(
            "long", JAVA_LONG, List.of(1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 0L, 1L << 40)),
        arguments(
            "address",
            ADDRESS,
            Stream.of(1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 0L, 1L << 40)
                .map(MemorySegment::ofAddress)
                .toList()),
        arguments(
            "float",
            JAVA_FLOAT,
            List.of(
                1f,
                -0f,
                Float.MIN_VALUE,
                Float.MAX_VALUE,
                Float.NaN,
                Float.NEGATIVE_INFINITY,
                0.1f,
                3f)),
        arguments(
            "double",
            JAVA_DOUBLE,
            List.of(
                1d,
                -0d,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                0.1,
                3d)));
  }

  private static List<Byte> bytes(int... values) {
    return Arrays.stream(values).mapToObj(value -> (byte) value).toList();
  }

  private static List<Short> shorts(int... values) {
    return Arrays.stream(values).mapToObj(value -> (short) value).toList();
  }

  /** C hands values on to a callback; Java answers each of them; C returns the answer. */
  @ParameterizedTest
  @MethodSource("types")
  void everyPositionOfEveryType(String name, ValueLayout type, List<Object> values) {
    MemoryLayout[] arguments =
        Collections.nCopies(values.size(), type).toArray(MemoryLayout[]::new);
    ForeignCallback callback = c.callback(FunctionDescriptor.of(type, arguments));
    MemorySegment passed = arena.allocate(type, values.size());
    for (int i = 0; i < values.size(); i++) {
      set(passed, type, i, values.get(i));
    }
    for (Object answer : values) {
      c.start(
          CompiledC.function("pass_" + name),
          FunctionDescriptor.of(type, ADDRESS, ADDRESS),
          callback.function(),
          passed);
      assertTrue(c.resume());
      for (int i = 0; i < values.size(); i++) {
        assertEquals(values.get(i), callback.get(i), "argument " + i);
        assertEquals(values.get(i), getByItsOwnType(callback, i, values.get(i)), "argument " + i);
      }
      answer(callback, answer);
      assertFalse(c.resume());
      assertEquals(answer, c.result());
    }
  }

  private static void set(MemorySegment to, ValueLayout type, int index, Object value) {
    type.arrayElementVarHandle().set(to, 0L, (long) index, value);
  }

  private static Object getByItsOwnType(ForeignCallback callback, int index, Object like) {
    return switch (like) {
      case Boolean _ -> callback.getBoolean(index);
      case Byte _ -> callback.getByte(index);
      case Short _ -> callback.getShort(index);
      case Character _ -> callback.getChar(index);
      case Integer _ -> callback.getInt(index);
      case Long _ -> callback.getLong(index);
      case Float _ -> callback.getFloat(index);
      case Double _ -> callback.getDouble(index);
      default -> callback.getSegment(index);
    };
  }

  private static void answer(ForeignCallback callback, Object value) {
    switch (value) {
      case Boolean b -> callback.answer(b);
      case Character ch -> callback.answer(ch);
      case Float f -> callback.answer(f);
      case Double d -> callback.answer(d);
      case MemorySegment s -> callback.answer(s);
      default -> callback.answer(((Number) value).longValue());
    }
  }

  @Test
  void argumentsOfTheFunctionThatIsStarted() {
    c.start(
        CompiledC.function("sum_of_all"),
        FunctionDescriptor.of(
            JAVA_DOUBLE,
            JAVA_LONG,
            JAVA_INT,
            JAVA_SHORT,
            JAVA_BYTE,
            JAVA_CHAR,
            JAVA_BOOLEAN,
            JAVA_DOUBLE,
            JAVA_FLOAT,
            JAVA_DOUBLE,
            JAVA_FLOAT,
            JAVA_DOUBLE,
            JAVA_FLOAT,
            JAVA_DOUBLE,
            JAVA_FLOAT),
        -1L << 40,
        -7,
        (short) -9,
        (byte) -11,
        '\ufff0',
        true,
        1.0,
        2f,
        4.0,
        8f,
        16.0,
        32f,
        64.0,
        128f);
    assertFalse(c.resume());
    double expected = -0x1p40 - 7 * 2 - 9 * 3 - 11 * 4 + 0xfff0 * 5 + 6;
    for (int i = 0; i < 8; i++) {
      expected += (1 << i) * (i + 7);
    }
    assertEquals(expected, c.result());
  }

  @Test
  void allRegistersOfACallAtOnce() {
    ForeignCallback all =
        c.callback(
            FunctionDescriptor.ofVoid(
                JAVA_LONG,
                JAVA_INT,
                JAVA_SHORT,
                JAVA_BYTE,
                JAVA_CHAR,
                JAVA_BOOLEAN,
                JAVA_DOUBLE,
                JAVA_FLOAT,
                JAVA_DOUBLE,
                JAVA_FLOAT,
                JAVA_DOUBLE,
                JAVA_FLOAT,
                JAVA_DOUBLE,
                JAVA_FLOAT));
    c.start(CompiledC.function("pass_all"), FunctionDescriptor.ofVoid(ADDRESS), all.function());
    assertTrue(c.resume());
    List<Object> expected =
        List.of(
            Long.MIN_VALUE,
            Integer.MIN_VALUE,
            Short.MIN_VALUE,
            Byte.MIN_VALUE,
            Character.MAX_VALUE,
            true,
            1.5,
            2.5f,
            3.5,
            4.5f,
            5.5,
            6.5f,
            7.5,
            8.5f);
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), all.get(i), "argument " + i);
    }
    // Widening, as Java does it.
    assertEquals(Integer.MIN_VALUE, all.getLong(1));
    assertEquals(Short.MIN_VALUE, all.getInt(2));
    assertEquals(Byte.MIN_VALUE, all.getShort(3));
    assertEquals(Byte.MIN_VALUE, all.getLong(3));
    assertEquals(Character.MAX_VALUE, all.getInt(4));
    assertEquals(2.5, all.getDouble(7));
    assertFalse(c.resume());
    assertNull(c.result());
  }

  @Test
  void integersAndFloatsCountTheirOwnRegisters() {
    AddressLayout toInt = ADDRESS.withTargetLayout(JAVA_INT);
    ForeignCallback mixed =
        c.callback(
            FunctionDescriptor.of(
                JAVA_DOUBLE, JAVA_INT, JAVA_DOUBLE, toInt, JAVA_FLOAT, JAVA_LONG, JAVA_DOUBLE));
    c.start(
        CompiledC.function("pass_mixed"),
        FunctionDescriptor.of(JAVA_DOUBLE, ADDRESS),
        mixed.function());
    assertTrue(c.resume());
    assertEquals(-1, mixed.getInt(0));
    assertEquals(2.5, mixed.getDouble(1));
    assertEquals(77, mixed.getSegment(2).get(JAVA_INT, 0));
    assertEquals(3.5f, mixed.getFloat(3));
    assertEquals(Long.MIN_VALUE, mixed.getLong(4));
    assertEquals(-4.25, mixed.getDouble(5));
    mixed.answer(1e300);
    assertFalse(c.resume());
    assertEquals(1e300, c.result());
  }

  /** A caller may leave anything in the part of a register that a value doesn't need. */
  @Test
  void garbageBesideAValueIsIgnored() {
    long value = 0x7fff_ffff_ffff_ff80L; // -128 in each of the narrower types
    for (List<ValueLayout> types :
        List.<List<ValueLayout>>of(
            List.of(JAVA_BYTE, JAVA_SHORT, JAVA_INT, JAVA_LONG),
            List.of(JAVA_BOOLEAN, JAVA_CHAR, JAVA_INT, JAVA_LONG))) {
      ForeignCallback callback =
          c.callback(FunctionDescriptor.of(JAVA_LONG, types.toArray(MemoryLayout[]::new)));
      c.start(
          CompiledC.function("pass_garbage"),
          FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
          callback.function(),
          0x0123_4567_89ab_cdefL,
          value);
      assertTrue(c.resume());
      if (types.getFirst() == JAVA_BYTE) {
        assertEquals((byte) value, callback.getByte(0));
        assertEquals((byte) value, callback.getLong(0));
        assertEquals((short) value, callback.getShort(1));
      } else {
        assertTrue(callback.getBoolean(0));
        assertEquals((char) value, callback.getChar(1));
        assertEquals((char) value, callback.getLong(1));
      }
      assertEquals(-128, callback.getInt(2));
      assertEquals(-128, callback.getLong(2));
      assertEquals(value, callback.getLong(3));
      callback.answer(0);
      assertFalse(c.resume());
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void integersAreReturnedExtendedToTheWholeRegister(
      String name, ValueLayout type, List<Object> values) {
    if (name.matches("float|double|address")) {
      return;
    }
    ForeignCallback callback = c.callback(FunctionDescriptor.of(type));
    for (Object value : values) {
      c.start(
          CompiledC.function("returned_register"),
          FunctionDescriptor.of(JAVA_LONG, ADDRESS),
          callback.function());
      assertTrue(c.resume());
      answer(callback, value);
      assertFalse(c.resume());
      long expected =
          switch (value) {
            case Boolean b -> b ? 1 : 0;
            case Character ch -> ch;
            default -> ((Number) value).longValue();
          };
      assertEquals(expected, c.result());
    }
  }

  @Test
  void eightIntegersFitOnAarch64() {
    if (Isa.require() != Isa.AARCH64) {
      return; // refused on x86-64, by another test
    }
    MemoryLayout[] eight = Collections.nCopies(8, JAVA_LONG).toArray(MemoryLayout[]::new);
    FunctionDescriptor descriptor = FunctionDescriptor.of(JAVA_LONG, eight);
    c.start(CompiledC.function("weigh"), descriptor, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertFalse(c.resume());
    assertEquals(204L, c.result());
    ForeignCallback callback = c.callback(descriptor);
    c.start(
        CompiledC.function("pass_eight"),
        FunctionDescriptor.of(JAVA_LONG, ADDRESS),
        callback.function());
    assertTrue(c.resume());
    for (int i = 0; i < 8; i++) {
      assertEquals(i + 1, callback.getLong(i));
    }
    assertFalse(c.resume(9));
    assertEquals(9L, c.result());
  }
}
