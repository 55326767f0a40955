package dev.stackful.internal.os;

import java.lang.foreign.MemorySegment;

/**
 * The address space of this process.
 *
 * <p>What is read here is copied, as bulk operations do it. The accessors of {@link MemorySegment}
 * need a handle for each type of value, which takes a program's first coroutine several
 * milliseconds to make; they are for memory that is read again and again.
 */
public final class VirtualMemory {
  /**
   * All of it, to read where a pointer points. A segment that is a constant leaves nothing to check
   * but the bounds.
   */
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private VirtualMemory() {}

  /** The int at an address. */
  public static int intAt(long address) {
    int[] value = new int[1];
    MemorySegment.ofArray(value).copyFrom(ALL.asSlice(address, Integer.BYTES));
    return value[0];
  }

  /** The long at an address, or the pointer. */
  public static long longAt(long address) {
    long[] value = new long[1];
    MemorySegment.ofArray(value).copyFrom(ALL.asSlice(address, Long.BYTES));
    return value[0];
  }

  /** Some bytes from an address on. */
  static byte[] bytesAt(long address, int count) {
    byte[] bytes = new byte[count];
    MemorySegment.ofArray(bytes).copyFrom(ALL.asSlice(address, count));
    return bytes;
  }

  /** Writes an int. */
  public static void writeInt(long address, int value) {
    ALL.asSlice(address, Integer.BYTES).copyFrom(MemorySegment.ofArray(new int[] {value}));
  }

  /** Writes longs side by side, from an address on. */
  public static void write(long address, long... values) {
    ALL.asSlice(address, (long) values.length * Long.BYTES).copyFrom(MemorySegment.ofArray(values));
  }
}
