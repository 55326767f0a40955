package dev.stackful.internal.foreign;

import java.lang.foreign.MemorySegment;

/**
 * A stack that we mapped ourselves. Below it lies a guard.
 *
 * @param slab where it was carved out
 * @param memory the stack without its guard; its end is 16-byte aligned
 */
record MappedStack(MappedStackPool.Slab slab, MemorySegment memory) {
  /** The lowest address. */
  long limit() {
    return memory.address();
  }

  /** The address behind the highest byte. */
  long top() {
    return memory.address() + memory.byteSize();
  }

  /** Gives it back. Nothing may be running on it, nor be resumed on it again. */
  void free() {
    slab.pool().give(this);
  }
}
