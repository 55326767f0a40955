package dev.stackful.internal.os;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Linux, by its system calls. */
final class Linux implements OperatingSystem {
  private static final int PROT_NONE = 0;
  static final int PROT_READ = 1;
  static final int PROT_WRITE = 2;
  static final int PROT_EXEC = 4;
  static final int MAP_PRIVATE = 0x02;
  static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_NOHUGEPAGE = 15;

  /** Linux 5.14: touches pages, and answers EFAULT where that would be a fault. */
  private static final int MADV_POPULATE_READ = 22;

  private static final int EFAULT = 14;

  /** Linux 6.13: a guard region that needs no mapping of its own (mm/madvise.c). */
  private static final int MADV_GUARD_INSTALL = 102;

  /** Auxiliary vector, include/uapi/linux/auxvec.h. */
  static final int AT_PAGESZ = 6;

  private static final int AT_MINSIGSTKSZ = 51;

  @Override
  public Optional<String> refusal(Isa isa) {
    return Processor.shadowStackRefusal(isa);
  }

  /** 4 KiB on x86-64, also 16 or 64 KiB on AArch64. */
  @Override
  public long pageSizeBytes() {
    return LibC.getauxval(AT_PAGESZ);
  }

  /**
   * It grows with the vector registers. Before Linux 5.14 the kernel doesn't say, and MINSIGSTKSZ
   * is too small for AVX-512.
   */
  @Override
  public long minimumSignalStackBytes() {
    long said = LibC.getauxval(AT_MINSIGSTKSZ);
    return said != 0 ? said : 8192;
  }

  @Override
  public MemorySegment map(long sizeBytes) {
    long address =
        LibC.syscall(
            SystemCall.MMAP,
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
    LibC.syscall(SystemCall.MADVISE, address, sizeBytes, MADV_NOHUGEPAGE);
    return MemorySegment.ofAddress(address).reinterpret(sizeBytes);
  }

  /**
   * On AArch64 the kernel synchronises the instruction cache when it first maps an anonymous page
   * as executable (arch/arm64/mm/flush.c), which is after the code was written.
   */
  @Override
  public void makeExecutable(MemorySegment pages) {
    protect(pages, PROT_READ | PROT_EXEC, "executable");
  }

  @Override
  public void makeGuard(MemorySegment pages) {
    protect(pages, PROT_NONE, "inaccessible");
  }

  @Override
  public boolean tryMakeGuardWithoutMapping(MemorySegment pages) {
    return LibC.syscall(SystemCall.MADVISE, pages.address(), pages.byteSize(), MADV_GUARD_INSTALL)
        == 0;
  }

  /**
   * It is tried, once. That the kernel accepts the advice isn't enough: an emulator may accept it
   * and do nothing (qemu-user does). {@code -Dstackful.guards=mappings} makes the answer no.
   */
  @Override
  public boolean guardsWithoutMappings() {
    return Guards.WITHOUT_MAPPINGS;
  }

  private static final class Guards {
    static final boolean WITHOUT_MAPPINGS = tryOne(new Linux());

    private static boolean tryOne(Linux linux) {
      if ("mappings".equals(System.getProperty("stackful.guards"))) {
        return false;
      }
      MemorySegment page = linux.map(linux.pageSizeBytes());
      try {
        return linux.tryMakeGuardWithoutMapping(page)
            && LibC.syscall(SystemCall.MADVISE, page.address(), page.byteSize(), MADV_POPULATE_READ)
                == -EFAULT;
      } finally {
        linux.unmap(page);
      }
    }
  }

  @Override
  public void discard(MemorySegment pages) {
    long result =
        LibC.syscall(SystemCall.MADVISE, pages.address(), pages.byteSize(), MADV_DONTNEED);
    if (result != 0) {
      throw new SystemCallException("madvise of " + pages.byteSize() + " bytes", result);
    }
  }

  @Override
  public void unmap(MemorySegment memory) {
    long result = LibC.syscall(SystemCall.MUNMAP, memory.address(), memory.byteSize());
    if (result != 0) {
      throw new SystemCallException("munmap of " + memory.byteSize() + " bytes", result);
    }
  }

  private static void protect(MemorySegment pages, int protection, String as) {
    long result = LibC.syscall(SystemCall.MPROTECT, pages.address(), pages.byteSize(), protection);
    if (result != 0) {
      throw new SystemCallException("mprotect of " + pages.byteSize() + " bytes as " + as, result);
    }
  }
}
