package dev.stackful.internal.os;

import java.lang.foreign.MemorySegment;

/** The address space of this process. */
public final class VirtualMemory {
  /**
   * All of it, to read where a pointer points. A segment that is a constant leaves nothing to check
   * but the bounds.
   */
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private VirtualMemory() {}
}
