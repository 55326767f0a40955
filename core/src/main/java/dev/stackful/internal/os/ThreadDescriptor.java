package dev.stackful.internal.os;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where glibc keeps the kernel's id of a thread: in the thread's descriptor, {@code struct
 * pthread}. Reading it there takes a nanosecond; a system call, some 60.
 *
 * <p>glibc tells debuggers where by constants of its own, which libthread_db reads in the debugged
 * process (glibc {@code nptl_db/structs.def}, {@code nptl_db/db_info.c}). They are no part of its
 * interface, so whoever uses them checks what they say.
 */
public final class ThreadDescriptor {
  private static final int BITS_OF_INT = 32;
  private static final int MOST_BYTES = 4096;

  private ThreadDescriptor() {}

  /**
   * The place of the kernel's thread id, an int, in bytes from the thread pointer; empty where the
   * C library doesn't say.
   */
  public static OptionalInt offsetOfKernelThreadId() {
    Optional<MemorySegment> member = LibC.find("_thread_db_pthread_tid");
    Optional<MemorySegment> size = LibC.find("_thread_db_sizeof_pthread");
    if (member.isEmpty() || size.isEmpty()) {
      return OptionalInt.empty();
    }
    long description = member.get().address();
    int bits = VirtualMemory.intAt(description);
    int count = VirtualMemory.intAt(description + Integer.BYTES);
    int offset = VirtualMemory.intAt(description + 2 * Integer.BYTES);
    int descriptor = VirtualMemory.intAt(size.get().address());
    if (bits != BITS_OF_INT
        || count != 1
        || offset <= 0
        || offset % Integer.BYTES != 0
        || descriptor > MOST_BYTES
        || offset >= descriptor) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(
        switch (Isa.require()) {
          case AMD64 -> offset; // the thread pointer is the descriptor's address
          case AARCH64 -> offset - descriptor; // it points behind the descriptor
        });
  }

  /** The same id, as the kernel says it (gettid(2)). */
  public static int askForKernelThreadId() {
    return (int) LibC.syscall(SystemCall.GETTID);
  }
}
