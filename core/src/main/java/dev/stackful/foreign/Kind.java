package dev.stackful.foreign;

import dev.stackful.internal.os.VirtualMemory;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;

/**
 * What a value is to Java, and how a register holds it.
 *
 * <p>A register is wider than most values. What stands in the rest is undefined where a value
 * arrives (System V ABI, AMD64 supplement, 3.2.3; AAPCS64, 6.8.2: the callee must not rely on it),
 * so it is cut off. Where a value leaves, it is extended by its own signedness to all 64 bits: that
 * satisfies the callers that expect it to 32 bits, as compilers for x86-64 do, and those that
 * expect nothing.
 */
enum Kind {
  BOOLEAN(Boolean.class, boolean.class, 56),
  BYTE(Byte.class, byte.class, 56),
  SHORT(Short.class, short.class, 48),
  CHAR(Character.class, char.class, 48),
  INT(Integer.class, int.class, 32),
  LONG(Long.class, long.class, 0),
  FLOAT(Float.class, float.class, 0),
  DOUBLE(Double.class, double.class, 0),
  ADDRESS(MemorySegment.class, MemorySegment.class, 0);

  private static final List<Kind> ALL = List.of(values());
  private static final int KIND_BITS = 4;
  private static final int KIND_MASK = (1 << KIND_BITS) - 1;

  private final Class<?> boxed;
  private final Class<?> carrier;

  /** The bits of a register that an integer leaves undefined. */
  private final int unusedBits;

  Kind(Class<?> boxed, Class<?> carrier, int unusedBits) {
    this.boxed = boxed;
    this.carrier = carrier;
    this.unusedBits = unusedBits;
  }

  /** The kind of a layout that {@link Signature} has let through. */
  static Kind of(ValueLayout layout) {
    Class<?> carrier = layout.carrier();
    for (Kind kind : ALL) {
      if (kind.carrier == carrier) {
        return kind;
      }
    }
    throw new IllegalStateException(layout.toString());
  }

  /** A place in the foreign context that holds a value of this kind, as one number. */
  int register(int offset) {
    return offset << KIND_BITS | ordinal();
  }

  /** Whether a register is of this kind. */
  boolean isOf(int register) {
    return (register & KIND_MASK) == ordinal();
  }

  /** Where a register stands. */
  static int offset(int register) {
    return register >> KIND_BITS;
  }

  /** Whether it travels in a floating-point register. */
  boolean isFloatingPoint() {
    return this == FLOAT || this == DOUBLE;
  }

  /** Whether it is a whole number, a character or a truth value. */
  boolean isInteger() {
    return !isFloatingPoint() && this != ADDRESS;
  }

  /** The name that the user knows it by. */
  String javaName() {
    return this == ADDRESS ? "MemorySegment" : name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Cuts a register down to an integer of this kind, and extends that again as Java would.
   *
   * @throws IllegalStateException if this isn't an integer
   */
  long narrow(long register) {
    if (!isInteger()) {
      throw new IllegalStateException(javaName());
    }
    long high = register << unusedBits;
    if (this == BOOLEAN) {
      return high != 0 ? 1 : 0;
    }
    return this == CHAR ? high >>> unusedBits : high >> unusedBits;
  }

  /** Boxes what a register holds; an address by the layout that tells its target's size. */
  Object box(long register, ValueLayout layout) {
    return switch (this) {
      case BOOLEAN -> narrow(register) != 0;
      case BYTE -> (byte) register;
      case SHORT -> (short) register;
      case CHAR -> (char) register;
      case INT -> (int) register;
      case LONG -> register;
      case FLOAT -> Float.intBitsToFloat((int) register);
      case DOUBLE -> Double.longBitsToDouble(register);
      case ADDRESS -> segment(register, targetBytes(layout));
    };
  }

  /**
   * A pointer as a segment of the size of its layout's target, or of no size; no larger than
   * reaches to the end of the addresses.
   *
   * @param targetBytes see {@link #targetBytes}
   */
  static MemorySegment segment(long address, long targetBytes) {
    return targetBytes == 0 || address <= 0
        ? MemorySegment.ofAddress(address)
        : VirtualMemory.ALL.asSlice(address, Math.min(targetBytes, Long.MAX_VALUE - address));
  }

  /** The size of what a pointer of this layout points to, in bytes; 0 where it isn't known. */
  static long targetBytes(ValueLayout layout) {
    return layout instanceof AddressLayout pointer
        ? pointer.targetLayout().map(MemoryLayout::byteSize).orElse(0L)
        : 0;
  }

  /**
   * What a register must hold for a boxed value.
   *
   * @param what names the value in the message of an exception
   * @throws IllegalArgumentException if the value is of another type
   */
  long unbox(Object value, String what) {
    Objects.requireNonNull(value, what);
    if (!boxed.isInstance(value)) {
      throw new IllegalArgumentException(
          what + " is a " + value.getClass().getName() + ", but its layout is for " + javaName());
    }
    return switch (this) {
      case BOOLEAN -> (Boolean) value ? 1 : 0;
      case CHAR -> (Character) value;
      case BYTE, SHORT, INT, LONG -> ((Number) value).longValue();
      case FLOAT -> Float.floatToRawIntBits((Float) value) & 0xffff_ffffL;
      case DOUBLE -> Double.doubleToRawLongBits((Double) value);
      case ADDRESS -> pointer((MemorySegment) value, what);
    };
  }

  /**
   * The address of a segment that C code is to keep beyond the call.
   *
   * @throws IllegalArgumentException if the segment is on the heap
   * @throws IllegalStateException if its arena is closed
   * @throws WrongThreadException if its arena is confined to another thread
   */
  static long pointer(MemorySegment segment, String what) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(
          what
              + " is a segment on the heap, which the collector may move while the coroutine is"
              + " suspended: copy it to a segment of an Arena");
    }
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException(what + " is dangling: its arena is already closed");
    }
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException(what + " belongs to an arena of another thread");
    }
    return segment.address();
  }
}
