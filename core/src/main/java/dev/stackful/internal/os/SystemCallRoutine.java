package dev.stackful.internal.os;

import dev.stackful.internal.asm.Aarch64Assembler;
import dev.stackful.internal.asm.Amd64Assembler;
import dev.stackful.internal.asm.Listing;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Any of Linux's system calls, by a routine of ours that takes number and arguments from a block of
 * memory. The C library's {@code syscall} would need a type of downcall of its own, with seven
 * arguments and {@code errno}, which the JDK takes 15 ms to link; this one has {@link
 * Downcall#TWO_LONGS}, and returns what the kernel did. It is mapped by the C library's {@code
 * mmap}, once, and stays.
 *
 * <p>Initialising this class fails with a {@link SystemCallException} as the cause where the kernel
 * allows no code that a program has written.
 */
final class SystemCallRoutine {
  /** The number and up to six arguments. */
  static final int BLOCK_LONGS = 7;

  private static final String NAME = "systemCall";

  static final MethodHandle HANDLE = Downcall.link(map(emit(Isa.require())), Downcall.TWO_LONGS);

  private SystemCallRoutine() {}

  private static byte[] emit(Isa isa) {
    Listing listing =
        switch (isa) {
          case AMD64 -> Amd64.emit();
          case AARCH64 -> Aarch64.emit();
        };
    return listing.bytes();
  }

  /** {@code systemCall(rdi block)}. The kernel overwrites rcx and r11, as any callee may. */
  private static final class Amd64 {
    static Listing emit() {
      Amd64Assembler a = new Amd64Assembler("x86-64");
      a.routine(NAME);
      a.mov(Amd64Assembler.Reg.RAX, at(0), "the number");
      a.mov(Amd64Assembler.Reg.RSI, at(2));
      a.mov(Amd64Assembler.Reg.RDX, at(3));
      a.mov(Amd64Assembler.Reg.R10, at(4));
      a.mov(Amd64Assembler.Reg.R8, at(5));
      a.mov(Amd64Assembler.Reg.R9, at(6));
      a.mov(Amd64Assembler.Reg.RDI, at(1), "last, as it had the block");
      a.syscall();
      a.ret();
      return a.finish();
    }

    private static Amd64Assembler.Mem at(int index) {
      return Amd64Assembler.Mem.at(Amd64Assembler.Reg.RDI, index * Long.BYTES);
    }
  }

  /** {@code systemCall(x0 block)}. The kernel keeps all registers but x0. */
  private static final class Aarch64 {
    static Listing emit() {
      Aarch64Assembler a = new Aarch64Assembler("AArch64");
      a.routine(NAME);
      a.btiC();
      a.ldr(Aarch64Assembler.Reg.X8, Aarch64Assembler.Reg.X0, 0, "the number");
      a.ldp(
          Aarch64Assembler.Reg.X2,
          Aarch64Assembler.Reg.X3,
          Aarch64Assembler.Reg.X0,
          3 * Long.BYTES);
      a.ldp(
          Aarch64Assembler.Reg.X4,
          Aarch64Assembler.Reg.X5,
          Aarch64Assembler.Reg.X0,
          5 * Long.BYTES);
      a.ldp(
          Aarch64Assembler.Reg.X0,
          Aarch64Assembler.Reg.X1,
          Aarch64Assembler.Reg.X0,
          Long.BYTES,
          "last, as it had the block");
      a.svc();
      a.ret();
      return a.finish();
    }
  }

  /** As {@link Linux} maps code, but by the C library, which tells no more than that it failed. */
  private static MemorySegment map(byte[] code) {
    MethodHandle mmap = LibC.link("mmap", Downcall.SIX_LONGS);
    MethodHandle mprotect = LibC.link("mprotect", Downcall.SIX_LONGS);
    long sizeBytes = LibC.getauxval(Linux.AT_PAGESZ);
    try {
      long address =
          (long)
              mmap.invokeExact(
                  0L,
                  sizeBytes,
                  (long) (Linux.PROT_READ | Linux.PROT_WRITE),
                  (long) (Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS),
                  -1L,
                  0L);
      if (address == -1) {
        throw new SystemCallException("mmap of a page for code failed");
      }
      MemorySegment page = MemorySegment.ofAddress(address).reinterpret(sizeBytes);
      page.copyFrom(MemorySegment.ofArray(code));
      int refused =
          (int)
              (long)
                  mprotect.invokeExact(
                      address, sizeBytes, (long) (Linux.PROT_READ | Linux.PROT_EXEC), 0L, 0L, 0L);
      if (refused != 0) {
        throw new SystemCallException(
            "mprotect of a page as executable failed: denied, perhaps by SELinux's execmem");
      }
      return page;
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }
}
