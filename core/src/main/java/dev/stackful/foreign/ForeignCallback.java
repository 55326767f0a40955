package dev.stackful.foreign;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A C function pointer that suspends a {@link ForeignCoroutine} when C code calls it, and the view
 * of that call.
 *
 * <p>{@link #function()} is what C code is given. When it calls that, on the coroutine's stack, the
 * pending {@link ForeignCoroutine#resume() resume} returns true and {@link
 * ForeignCoroutine#called()} is this callback. Its arguments can be read here then, and its answer
 * given, up to the next resume, by which the call returns. The object is the same for all calls,
 * and reading and answering allocate nothing (but for segments).
 *
 * <h2>Values</h2>
 *
 * Arguments and the return may be {@code boolean}, {@code byte}, {@code short}, {@code char},
 * {@code int}, {@code long}, {@code float}, {@code double} and pointers, as in {@link
 * java.lang.foreign.Linker}. They can be read by their own type or one that Java would widen them
 * to: an {@code int} by {@link #getInt} and {@link #getLong}, a {@code float} by {@link #getFloat}
 * and {@link #getDouble}.
 *
 * <p>A pointer is a segment of size zero, or of the size of its layout's {@linkplain
 * AddressLayout#targetLayout() target}. What it points to is C's: it is there as long as C code
 * says so, which is often until the call returns. The segment doesn't know that. Read it before the
 * next resume.
 *
 * <h2>Which stack</h2>
 *
 * C code must call the function on the coroutine's own stack, that is, below the function that the
 * coroutine was {@linkplain ForeignCoroutine#start started} with. A call from elsewhere (after the
 * function has returned, on another coroutine's stack, from another thread) gets no answer from
 * anyone, and ends the process by a trap, as does a call after the coroutine was closed, for as
 * long as the pointer isn't given to another callback.
 *
 * <p>Methods throw what {@link ForeignCoroutine} says about threads.
 *
 * @since 0.1.0
 */
public final class ForeignCallback {
  private final ForeignCoroutine coroutine;
  private final Signature signature;
  private final @Nullable Kind returnKind;

  /** Of the arguments, as the signature has them: one thing less to load. */
  private final int[] registers;

  private final long[] targetBytes;
  private final String name;
  private final boolean mustBeAnswered;
  private final MemorySegment slot;
  private final long event;
  private final MemorySegment function;

  /** The coroutine's other callbacks. */
  final @Nullable ForeignCallback next;

  ForeignCallback(
      ForeignCoroutine coroutine,
      Signature signature,
      String name,
      boolean mustBeAnswered,
      MemorySegment slot,
      MemorySegment function,
      @Nullable ForeignCallback next) {
    this.coroutine = coroutine;
    this.signature = signature;
    this.returnKind = signature.returnKind();
    this.registers = signature.registers();
    this.targetBytes = signature.targetBytes();
    this.name = name;
    this.mustBeAnswered = mustBeAnswered && returnKind != null;
    this.slot = slot;
    this.event = slot.address();
    this.function = function;
    this.next = next;
  }

  /**
   * {@return the pointer for C code} Its scope is the coroutine's: it is alive until that is
   * closed, and of a confined one it belongs to the owner.
   */
  public MemorySegment function() {
    return function;
  }

  /** {@return the C function's arguments and return} */
  public FunctionDescriptor descriptor() {
    return signature.descriptor();
  }

  /** {@return the coroutine that a call of the function suspends} */
  public ForeignCoroutine coroutine() {
    return coroutine;
  }

  // ---- arguments -----------------------------------------------------------------------------

  /**
   * {@return an argument of the pending call}
   *
   * @param index from 0
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the argument is of another type
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public boolean getBoolean(int index) {
    return Kind.BOOLEAN.narrow(register(index, Kind.BOOLEAN)) != 0;
  }

  /**
   * {@return an argument of the pending call}
   *
   * @param index from 0
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the argument is of another type
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public byte getByte(int index) {
    return (byte) register(index, Kind.BYTE);
  }

  /**
   * {@return an argument of the pending call, a {@code short} or {@code byte}}
   *
   * @param index from 0
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the argument is of another type
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public short getShort(int index) {
    return (short) integer(index, Kind.SHORT);
  }

  /**
   * {@return an argument of the pending call}
   *
   * @param index from 0
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the argument is of another type
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public char getChar(int index) {
    return (char) register(index, Kind.CHAR);
  }

  /**
   * {@return an argument of the pending call, an {@code int}, {@code char}, {@code short} or {@code
   * byte}}
   *
   * @param index from 0
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the argument is of another type
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public int getInt(int index) {
    return (int) integer(index, Kind.INT);
  }

  /**
   * {@return an argument of the pending call, a {@code long}, {@code int}, {@code char}, {@code
   * short} or {@code byte}}
   *
   * @param index from 0
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the argument is of another type
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public long getLong(int index) {
    return integer(index, Kind.LONG);
  }

  /**
   * {@return an argument of the pending call}
   *
   * @param index from 0
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the argument is of another type
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public float getFloat(int index) {
    return Float.intBitsToFloat((int) register(index, Kind.FLOAT));
  }

  /**
   * {@return an argument of the pending call, a {@code double} or {@code float}}
   *
   * @param index from 0
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the argument is of another type
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public double getDouble(int index) {
    return Kind.FLOAT.isOf(registers[Objects.checkIndex(index, registers.length)])
        ? getFloat(index)
        : Double.longBitsToDouble(register(index, Kind.DOUBLE));
  }

  /**
   * {@return a pointer among the arguments of the pending call} Its scope is the global one.
   *
   * @param index from 0
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the argument is of another type
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public MemorySegment getSegment(int index) {
    long address = register(index, Kind.ADDRESS);
    return Kind.segment(address, targetBytes[index]);
  }

  /**
   * {@return an argument of the pending call, boxed}
   *
   * @param index from 0
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public Object get(int index) {
    Objects.checkIndex(index, signature.arity());
    Kind kind = signature.kind(index);
    return kind.box(register(index, kind), signature.layout(index));
  }

  private long register(int index, Kind kind) {
    int register = registers[Objects.checkIndex(index, registers.length)];
    if (!kind.isOf(register)) {
      throw otherType(index, kind);
    }
    return coroutine.read(this, Kind.offset(register));
  }

  /** Java's widening conversions, but for those to floating point. */
  private long integer(int index, Kind to) {
    int register = registers[Objects.checkIndex(index, registers.length)];
    if (to.isOf(register)) { // the compiler knows what to do for this one
      return to.narrow(coroutine.read(this, Kind.offset(register)));
    }
    Kind kind = signature.kind(index);
    boolean widens =
        switch (kind) {
          case BYTE -> true;
          case SHORT, INT, LONG -> kind.compareTo(to) <= 0;
          case CHAR -> to != Kind.SHORT;
          case BOOLEAN, FLOAT, DOUBLE, ADDRESS -> false;
        };
    if (!widens) {
      throw otherType(index, to);
    }
    return kind.narrow(coroutine.read(this, Kind.offset(register)));
  }

  private IllegalArgumentException otherType(int index, Kind asked) {
    return new IllegalArgumentException(
        "argument %d of %s is %s, not %s"
            .formatted(index, this, signature.kind(index).javaName(), asked.javaName()));
  }

  // ---- answers -------------------------------------------------------------------------------

  /**
   * Says what the pending call is to return: an integer of any width, or a {@code boolean} as 0 or
   * 1.
   *
   * @param value in the range of the return's type
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the function returns another type, or the value is out of
   *     its range
   */
  public void answer(long value) {
    requireInteger(value);
    coroutine.answer(this, value);
  }

  /**
   * Checks an answer.
   *
   * @throws IllegalArgumentException if the function returns no integer, or the value is out of its
   *     range
   */
  void requireInteger(long value) {
    Kind kind = returnKind;
    if (kind == Kind.LONG || (kind == Kind.INT && (int) value == value)) {
      return; // most often one of these, and sooner known
    }
    if (kind == null || !kind.isInteger()) {
      throw otherReturn("an integer");
    }
    if (kind.narrow(value) != value) {
      throw new IllegalArgumentException(
          "%s returns %s: %d is out of range".formatted(this, kind.javaName(), value));
    }
  }

  /**
   * Says what the pending call is to return.
   *
   * @param value true or false
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the function returns another type
   */
  public void answer(boolean value) {
    requireReturn(Kind.BOOLEAN);
    coroutine.answer(this, value ? 1 : 0);
  }

  /**
   * Says what the pending call is to return.
   *
   * @param value any
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the function returns another type
   */
  public void answer(float value) {
    requireReturn(Kind.FLOAT);
    coroutine.answerFloatingPoint(this, Float.floatToRawIntBits(value) & 0xffff_ffffL);
  }

  /**
   * Says what the pending call is to return.
   *
   * @param value any
   * @throws IllegalStateException if C code isn't waiting in this callback
   * @throws IllegalArgumentException if the function returns another type
   */
  public void answer(double value) {
    requireReturn(Kind.DOUBLE);
    coroutine.answerFloatingPoint(this, Double.doubleToRawLongBits(value));
  }

  /**
   * Says which pointer the pending call is to return.
   *
   * @param pointer a native segment, whose memory must live as long as C code uses it; {@link
   *     MemorySegment#NULL} for a null pointer
   * @throws IllegalStateException if C code isn't waiting in this callback, or the segment's arena
   *     is closed
   * @throws IllegalArgumentException if the function returns another type, or the segment is on the
   *     heap
   * @throws WrongThreadException if the segment's arena is another thread's
   */
  public void answer(MemorySegment pointer) {
    Objects.requireNonNull(pointer, "pointer");
    requireReturn(Kind.ADDRESS);
    coroutine.answer(this, Kind.pointer(pointer, "the answer of " + this));
  }

  private void requireReturn(Kind kind) {
    if (returnKind != kind) {
      throw otherReturn(kind.javaName());
    }
  }

  private IllegalArgumentException otherReturn(String given) {
    Kind kind = returnKind;
    return new IllegalArgumentException(
        "%s returns %s, not %s"
            .formatted(this, kind == null ? "void: it takes no answer" : kind.javaName(), given));
  }

  boolean mustBeAnswered() {
    return mustBeAnswered;
  }

  /** What identifies a call of this function. */
  long event() {
    return event;
  }

  MemorySegment slot() {
    return slot;
  }

  /** {@return the callback's number in its coroutine, and its C type} */
  @Override
  public String toString() {
    return name + " " + signature.descriptor();
  }
}
