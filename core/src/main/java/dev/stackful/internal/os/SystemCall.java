package dev.stackful.internal.os;

/**
 * The Linux system calls that Stackful makes, in its routines or by {@link SystemCallRoutine}, with
 * their numbers. Source: Linux {@code arch/x86/entry/syscalls/syscall_64.tbl} and {@code
 * include/uapi/asm-generic/unistd.h}.
 */
public enum SystemCall {
  /** Of x86-64 alone. */
  ARCH_PRCTL(158, SystemCall.NONE),
  FUTEX(202, 98),
  GETPID(39, 172),
  GETTID(186, 178),
  MADVISE(28, 233),
  MMAP(9, 222),
  MPROTECT(10, 226),
  MUNMAP(11, 215),
  PRCTL(157, 167),
  RSEQ(334, 293),
  RT_SIGACTION(13, 134),
  RT_SIGPROCMASK(14, 135),
  RT_SIGTIMEDWAIT(128, 137),
  SCHED_YIELD(24, 124),
  TGKILL(234, 131);

  private static final int NONE = -1;

  private final int amd64;
  private final int aarch64;

  SystemCall(int amd64, int aarch64) {
    this.amd64 = amd64;
    this.aarch64 = aarch64;
  }

  /**
   * The call's number on one instruction set.
   *
   * @throws IllegalArgumentException if it has no such call
   */
  public int number(Isa isa) {
    int number =
        switch (isa) {
          case AMD64 -> amd64;
          case AARCH64 -> aarch64;
        };
    if (number == NONE) {
      throw new IllegalArgumentException(this + " is no system call of " + isa.displayName());
    }
    return number;
  }
}
