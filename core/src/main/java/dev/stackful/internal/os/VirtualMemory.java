package dev.stackful.internal.os;

import java.lang.foreign.MemorySegment;

/**
 * Memory mapped straight from the kernel: code pages, parking stacks, and the stacks of native
 * coroutines.
 */
public final class VirtualMemory {
  private static final int PROT_NONE = 0;
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_NOHUGEPAGE = 15;

  /** Linux 5.14: touches pages, and answers EFAULT where that would be a fault. */
  private static final int MADV_POPULATE_READ = 22;

  private static final int EFAULT = 14;

  /** Linux 6.13: a guard region that needs no mapping of its own (mm/madvise.c). */
  private static final int MADV_GUARD_INSTALL = 102;

  /** Auxiliary vector, include/uapi/linux/auxvec.h. */
  private static final int AT_PAGESZ = 6;

  private static final SystemCalls CALLS = SystemCalls.current();

  private VirtualMemory() {}

  /** The size of a page in bytes: 4 KiB on x86-64, also 16 or 64 KiB on AArch64. */
  public static long pageSizeBytes() {
    return LibC.getauxval(AT_PAGESZ);
  }

  /** Rounds up to whole pages. */
  public static long roundUpToPages(long sizeBytes) {
    long page = pageSizeBytes();
    return (sizeBytes + page - 1) / page * page;
  }

  /**
   * Maps zeroed, readable and writable memory.
   *
   * @param sizeBytes a multiple of the page size
   * @return memory that lives until it is unmapped
   * @throws SystemCallException if the kernel refuses
   */
  public static MemorySegment map(long sizeBytes) {
    long address =
        LibC.syscall(
            CALLS.mmap(),
            0,
            sizeBytes,
            PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
            -1,
            0);
    if (address < 0 && address > -4096) {
      throw new SystemCallException("mmap of " + sizeBytes + " bytes", address);
    }
    // Never backed by huge pages: one touched parking stack would make 2 MiB resident. An old
    // kernel without transparent huge pages answers EINVAL, and then there is nothing to avoid.
    LibC.syscall(CALLS.madvise(), address, sizeBytes, MADV_NOHUGEPAGE);
    return MemorySegment.ofAddress(address).reinterpret(sizeBytes);
  }

  /**
   * Makes memory that is completely written readable and executable, for good (W^X: never writable
   * and executable at once).
   *
   * @throws SystemCallException if the kernel refuses
   */
  public static void makeExecutable(MemorySegment memory) {
    protect(memory.address(), memory.byteSize(), PROT_READ | PROT_EXEC, "executable");
  }

  /**
   * Makes pages inaccessible, at the price of a mapping of their own.
   *
   * @throws SystemCallException if the kernel refuses
   */
  public static void makeGuard(MemorySegment pages) {
    protect(pages.address(), pages.byteSize(), PROT_NONE, "inaccessible");
  }

  /**
   * Makes pages inaccessible without a mapping of their own, where the kernel can (Linux 6.13).
   *
   * @return whether it could
   */
  public static boolean tryMakeGuardWithoutMapping(MemorySegment pages) {
    return LibC.syscall(CALLS.madvise(), pages.address(), pages.byteSize(), MADV_GUARD_INSTALL)
        == 0;
  }

  /**
   * Whether {@link #tryMakeGuardWithoutMapping} makes a guard that guards. Its answer alone isn't
   * enough: an emulator may take the advice and do nothing (qemu-user does).
   */
  public static boolean guardsWithoutMappings() {
    return Guards.WITHOUT_MAPPINGS;
  }

  /** Tried once, at the first use; {@code -Dstackful.guards=mappings} says no. */
  private static final class Guards {
    static final boolean WITHOUT_MAPPINGS = tryOne();

    private static boolean tryOne() {
      if ("mappings".equals(System.getProperty("stackful.guards"))) {
        return false;
      }
      MemorySegment page = map(pageSizeBytes());
      try {
        return tryMakeGuardWithoutMapping(page)
            && LibC.syscall(CALLS.madvise(), page.address(), page.byteSize(), MADV_POPULATE_READ)
                == -EFAULT;
      } finally {
        unmap(page);
      }
    }
  }

  /**
   * Gives the memory behind these pages back to the system: they read as zeros from now on. Guards
   * among them stay.
   *
   * @throws SystemCallException if the kernel refuses
   */
  public static void discard(MemorySegment pages) {
    long result = LibC.syscall(CALLS.madvise(), pages.address(), pages.byteSize(), MADV_DONTNEED);
    if (result != 0) {
      throw new SystemCallException("madvise of " + pages.byteSize() + " bytes", result);
    }
  }

  /**
   * Takes a mapping away. Nothing may use it any more.
   *
   * @throws SystemCallException if the kernel refuses
   */
  public static void unmap(MemorySegment memory) {
    long result = LibC.syscall(CALLS.munmap(), memory.address(), memory.byteSize());
    if (result != 0) {
      throw new SystemCallException("munmap of " + memory.byteSize() + " bytes", result);
    }
  }

  private static void protect(long address, long sizeBytes, int protection, String as) {
    long result = LibC.syscall(CALLS.mprotect(), address, sizeBytes, protection);
    if (result != 0) {
      throw new SystemCallException("mprotect of " + sizeBytes + " bytes as " + as, result);
    }
  }
}
