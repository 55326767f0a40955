package dev.stackful.internal.os;

import java.lang.foreign.MemorySegment;

/**
 * Memory mapped straight from the kernel: code pages, parking stacks, and the stacks of native
 * coroutines. The {@link OperatingSystem}'s calls, at hand.
 */
public final class VirtualMemory {
  private static final OperatingSystem SYSTEM =
      OperatingSystem.current()
          .orElseThrow(
              () ->
                  new UnsupportedOperationException(
                      "nothing is known of " + System.getProperty("os.name")));

  /**
   * All of memory, to read where a pointer points. A segment that is a constant leaves nothing to
   * check but the bounds.
   */
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private VirtualMemory() {}

  /** See {@link OperatingSystem#pageSizeBytes}. */
  public static long pageSizeBytes() {
    return SYSTEM.pageSizeBytes();
  }

  /** Rounds up to whole pages. */
  public static long roundUpToPages(long sizeBytes) {
    long page = pageSizeBytes();
    return (sizeBytes + page - 1) / page * page;
  }

  /** See {@link OperatingSystem#minimumSignalStackBytes}. */
  public static long minimumSignalStackBytes() {
    return SYSTEM.minimumSignalStackBytes();
  }

  /** See {@link OperatingSystem#map}. */
  public static MemorySegment map(long sizeBytes) {
    return SYSTEM.map(sizeBytes);
  }

  /**
   * Maps machine code: written while the pages are writable, executable afterwards, for good (W^X:
   * never both at once).
   *
   * @return the code's pages
   * @throws SystemCallException if the kernel refuses
   */
  public static MemorySegment mapCode(byte[] bytes) {
    MemorySegment code = map(roundUpToPages(bytes.length));
    code.copyFrom(MemorySegment.ofArray(bytes));
    makeExecutable(code);
    return code;
  }

  /** See {@link OperatingSystem#makeExecutable}. */
  public static void makeExecutable(MemorySegment pages) {
    SYSTEM.makeExecutable(pages);
  }

  /** See {@link OperatingSystem#makeGuard}. */
  public static void makeGuard(MemorySegment pages) {
    SYSTEM.makeGuard(pages);
  }

  /** See {@link OperatingSystem#tryMakeGuardWithoutMapping}. */
  public static boolean tryMakeGuardWithoutMapping(MemorySegment pages) {
    return SYSTEM.tryMakeGuardWithoutMapping(pages);
  }

  /** See {@link OperatingSystem#guardsWithoutMappings}. */
  public static boolean guardsWithoutMappings() {
    return SYSTEM.guardsWithoutMappings();
  }

  /** See {@link OperatingSystem#discard}. */
  public static void discard(MemorySegment pages) {
    SYSTEM.discard(pages);
  }

  /** See {@link OperatingSystem#unmap}. */
  public static void unmap(MemorySegment memory) {
    SYSTEM.unmap(memory);
  }
}
