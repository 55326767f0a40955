package dev.stackful.internal.foreign;

import dev.stackful.internal.os.OperatingSystem;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * C function pointers that are bound to a coroutine.
 *
 * <p>A C function pointer is an address and nothing else, so that each callback needs code of its
 * own, at an address of its own. All thunks are the same 16 bytes, though: each reads the slot at a
 * fixed distance from itself. So code is written once a block, and a thunk is made, changed and
 * freed by writing data: no page is ever writable and executable.
 *
 * <pre>
 *    block                                     block + 64 KiB
 *   +-------------------------------------+   +-------------------------------------+
 *   | thunk 0    slot address := pc + 64K |   | slot 0     target, context          |
 *   | thunk 1    jump to the slot's target|   | slot 1     target, context          |
 *   | ...                                 |   | ...                                 |
 *   | thunk 4095                          |   | slot 4095                           |
 *   +-------------------------------------+   +-------------------------------------+
 *     read and execute                          read and write
 * </pre>
 *
 * <p>The distance is a multiple of every page size that Linux has (4, 16 and 64 KiB), and within
 * reach of AArch64's {@code adr} (1 MiB). A freed thunk's target is a trap. It is used again only
 * after all others that are free, and after {@link #LEAST_FREE} of them at least, so that C code
 * which calls a pointer that it should have forgotten traps for as long as possible.
 */
public final class Thunks {
  /** From a thunk to its slot; also the size of a block's halves. */
  static final int SLOT_DISTANCE = 64 * 1024;

  /** Offset in a slot: where the thunk goes. */
  static final int TARGET = 0;

  /** Offset in a slot: the foreign context that it is for. */
  static final int CONTEXT = 8;

  static final int BYTES = 16;

  /** So many rest before the one that was freed first is used again. */
  private static final int LEAST_FREE = 1024;

  private static final OperatingSystem SYSTEM = OperatingSystem.require();

  private static final ConcurrentLinkedQueue<MemorySegment> FREE = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger FREE_COUNT = new AtomicInteger();

  private Thunks() {}

  /**
   * Takes a thunk for a callback.
   *
   * @param context the address of the coroutine's foreign context
   * @return its slot; see {@link #functionOf}
   */
  public static MemorySegment takeCallback(long context) {
    return take(context, ForeignSwitch.CALLBACK);
  }

  /** The same for a callback that has no argument which is a float or a double. */
  public static MemorySegment takeCallbackOfIntegers(long context) {
    return take(context, ForeignSwitch.CALLBACK_OF_INTEGERS);
  }

  /** Takes a thunk for a yield function. */
  public static MemorySegment takeYield(long context) {
    return take(context, ForeignSwitch.YIELD_VALUE);
  }

  private static MemorySegment take(long context, long target) {
    if (FREE_COUNT.get() <= LEAST_FREE) {
      mapBlock(); // by several threads at once, perhaps: what one maps too many is used later
    }
    MemorySegment slot;
    while ((slot = FREE.poll()) == null) {
      mapBlock(); // an error in the middle of a take or a give has left the count too high
    }
    FREE_COUNT.decrementAndGet();
    slot.set(ValueLayout.JAVA_LONG, CONTEXT, context);
    slot.set(ValueLayout.JAVA_LONG, TARGET, target);
    return slot;
  }

  /** The address that C code may call. */
  public static long functionOf(MemorySegment slot) {
    return slot.address() - SLOT_DISTANCE;
  }

  /** From now on a call of the thunk traps. */
  public static void unbind(MemorySegment slot) {
    slot.set(ValueLayout.JAVA_LONG, TARGET, ForeignSwitch.TRAP);
    slot.set(ValueLayout.JAVA_LONG, CONTEXT, 0);
  }

  /** Gives an unbound thunk back, once. */
  public static void give(MemorySegment slot) {
    FREE.add(slot);
    FREE_COUNT.incrementAndGet();
  }

  private static void mapBlock() {
    MemorySegment block = SYSTEM.map(2L * SLOT_DISTANCE);
    MemorySegment code = block.asSlice(0, SLOT_DISTANCE);
    MemorySegment thunk = MemorySegment.ofArray(ForeignSwitch.thunk());
    for (int at = 0; at < SLOT_DISTANCE; at += BYTES) {
      code.asSlice(at, BYTES).copyFrom(thunk);
    }
    SYSTEM.makeExecutable(code);
    for (int at = 0; at < SLOT_DISTANCE; at += BYTES) {
      MemorySegment slot = block.asSlice(SLOT_DISTANCE + at, BYTES);
      unbind(slot);
      give(slot);
    }
  }
}
