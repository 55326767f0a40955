package dev.stackful.internal.foreign;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A stack that we mapped ourselves. Below it lies a guard. */
final class MappedStack {
  private final MappedStackPool.Slab slab;
  private final MemorySegment memory;

  /** The one below in the pool's list, while it is in one; for the pool alone. */
  @Nullable MappedStack below;

  /**
   * A stack that serves nobody yet.
   *
   * @param slab where it was carved out
   * @param memory the stack without its guard; its end is 16-byte aligned
   */
  MappedStack(MappedStackPool.Slab slab, MemorySegment memory) {
    this.slab = slab;
    this.memory = memory;
  }

  MappedStackPool.Slab slab() {
    return slab;
  }

  MemorySegment memory() {
    return memory;
  }

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
