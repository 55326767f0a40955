package dev.stackful.internal.os;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The restartable-sequence area that glibc 2.35 and later registers for each thread inside its
 * thread control block. The kernel writes the current processor's number into the area of the
 * kernel thread that runs, so an area that moves to another kernel thread becomes stale, and {@code
 * sched_getcpu} and per-processor allocators would believe it. An unregistered area says so, and
 * everybody falls back to asking the kernel. Source: Linux {@code kernel/rseq.c}, glibc {@code
 * sysdeps/unix/sysv/linux/rseq-internal.h}.
 */
public final class RestartableSequence {
  private static final int UNREGISTER = 1;

  /** The smallest area that the kernel takes, and what glibc registers at least. */
  private static final long INITIAL_SIZE_BYTES = 32;

  private RestartableSequence() {}

  /** Offset of {@code cpu_id} in {@code struct rseq}: negative where nothing is registered. */
  private static final long CPU_ID = 4;

  /**
   * Unregisters the calling thread's area, if there is one.
   *
   * @param threadPointer the calling thread's: glibc's offset counts from there. It is pthread_self
   *     on x86-64 only; on AArch64 the thread pointer stands behind glibc's descriptor
   * @throws SystemCallException if the kernel refuses
   */
  public static void unregister(long threadPointer) {
    Isa isa = Isa.require();
    Optional<MemorySegment> offset = LibC.find("__rseq_offset");
    Optional<MemorySegment> size = LibC.find("__rseq_size");
    if (offset.isEmpty() || size.isEmpty()) {
      return; // a glibc before 2.35 registers nothing
    }
    long featureSize = Integer.toUnsignedLong(VirtualMemory.intAt(size.get().address()));
    if (featureSize == 0) {
      return; // switched off by GLIBC_TUNABLES, or a kernel without it, such as qemu-user
    }
    long area = threadPointer + VirtualMemory.longAt(offset.get().address());
    if (VirtualMemory.intAt(area + CPU_ID) < 0) {
      return; // the kernel refused to register it when the thread was made
    }
    long result =
        LibC.syscall(
            SystemCall.RSEQ,
            area,
            Math.max(featureSize, INITIAL_SIZE_BYTES),
            UNREGISTER,
            signature(isa));
    if (result != 0) {
      throw new SystemCallException("rseq(UNREGISTER)", result);
    }
  }

  /** RSEQ_SIG, the word that must stand before an abort handler, as glibc registers it. */
  private static long signature(Isa isa) {
    return switch (isa) {
      case AMD64 -> 0x53053053L;
      case AARCH64 -> 0xd428bc00L;
    };
  }
}
