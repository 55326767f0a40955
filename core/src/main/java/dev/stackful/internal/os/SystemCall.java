package dev.stackful.internal.os;

/**
 * The numbers of the Linux system calls that Stackful makes, from the machine code or through the C
 * library's {@code syscall}. Source: Linux {@code arch/x86/entry/syscalls/syscall_64.tbl} and
 * {@code include/uapi/asm-generic/unistd.h}.
 */
public record SystemCalls(
    int futex,
    int getpid,
    int gettid,
    int madvise,
    int mmap,
    int mprotect,
    int munmap,
    int prctl,
    int rseq,
    int rtSigaction,
    int rtSigprocmask,
    int rtSigtimedwait,
    int schedYield,
    int tgkill) {

  private static final SystemCalls AMD64 =
      new SystemCalls(202, 39, 186, 28, 9, 10, 11, 157, 334, 13, 14, 128, 24, 234);

  private static final SystemCalls AARCH64 =
      new SystemCalls(98, 172, 178, 233, 222, 226, 215, 167, 293, 134, 135, 137, 124, 131);

  /** The numbers of the architecture that this JVM runs on. */
  static SystemCalls current() {
    return of(Isa.require());
  }

  /** The numbers of one architecture. */
  public static SystemCalls of(Isa isa) {
    return switch (isa) {
      case AMD64 -> AMD64;
      case AARCH64 -> AARCH64;
    };
  }
}
