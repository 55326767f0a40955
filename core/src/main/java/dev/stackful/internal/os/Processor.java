package dev.stackful.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** What the kernel lets a user program do with this processor. */
public final class Processor {
  /** Auxiliary vector, include/uapi/linux/auxvec.h. */
  private static final int AT_HWCAP2 = 26;

  /** arch/x86/include/uapi/asm/hwcap2.h: RDFSBASE and WRFSBASE are enabled for user code. */
  private static final long HWCAP2_FSGSBASE = 1L << 1;

  private static final int ARCH_SHSTK_STATUS = 0x5005;
  private static final int PR_GET_SHADOW_STACK_STATUS = 74;

  private Processor() {}

  /** Whether user code may read and write the FS base itself (x86-64; Linux 5.9). */
  public static boolean hasFsGsBase() {
    return (LibC.getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE) != 0;
  }

  /** Why stacks can't be switched, where returns are checked against a shadow stack. */
  public static Optional<String> shadowStackRefusal(Isa isa) {
    return hasShadowStack(isa)
        ? Optional.of(
            "a shadow stack is on, and would stop a switch of stacks: start java without"
                + " GLIBC_TUNABLES=glibc.cpu.x86_shstk or glibc.cpu.aarch64_gcs")
        : Optional.empty();
  }

  /**
   * Whether returns are checked against a shadow stack, which a switch of stacks would break: CET
   * on x86-64 (arch/x86/kernel/shstk.c), GCS on AArch64 (prctl PR_GET_SHADOW_STACK_STATUS).
   */
  private static boolean hasShadowStack(Isa isa) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(ValueLayout.JAVA_LONG);
      long result =
          switch (isa) {
            case AMD64 -> LibC.syscall(SystemCall.ARCH_PRCTL, ARCH_SHSTK_STATUS, status.address());
            case AARCH64 ->
                LibC.syscall(
                    SystemCall.PRCTL, PR_GET_SHADOW_STACK_STATUS, status.address(), 0, 0, 0);
          };
      // A kernel that doesn't know the question has no shadow stacks to switch on.
      return result == 0 && (VirtualMemory.longAt(status.address()) & 1) != 0;
    }
  }
}
