package dev.stackful.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The signals that the native engine must know about.
 *
 * <ul>
 *   <li>{@code SR}, HotSpot's suspend/resume signal: SIGUSR2, or what {@code _JAVA_SR_SIGNUM} says
 *       (os/posix/signals_posix.cpp).
 *   <li>{@link #NIO_WAKEUP}, which {@code sun.nio.ch.NativeThread} sends to a thread blocked in
 *       I/O: SIGRTMAX - 2.
 *   <li>{@link #SETXID}, by which glibc has every thread take part in setuid and its like
 *       (nptl/internaltypes.h).
 * </ul>
 */
public final class Signals {
  /** SIGRTMAX - 2 (libnio's NativeThread.c, libnet's linux_close.c). */
  public static final int NIO_WAKEUP = 62;

  /** glibc's SIGSETXID, the second of the two real-time signals that it keeps for itself. */
  public static final int SETXID = 33;

  /** {@code how} of rt_sigprocmask(2): the mask becomes the given set. */
  public static final int SIG_SETMASK = 2;

  /** The kernel's {@code sigset_t}, in bytes. */
  public static final int SIGSET_SIZE_BYTES = 8;

  private static final int SIGSEGV = 11;
  private static final int SIGUSR2 = 12;
  private static final int NSIG = 65;

  private Signals() {}

  /**
   * HotSpot's suspend/resume signal, read the way HotSpot reads it: a number outside SIGSEGV to
   * NSIG is ignored with a warning.
   */
  public static int suspendResume() {
    String chosen = System.getenv("_JAVA_SR_SIGNUM");
    if (chosen != null) {
      try {
        int signal = Integer.parseInt(chosen.strip());
        if (signal > SIGSEGV && signal < NSIG) {
          return signal;
        }
      } catch (NumberFormatException e) {
        return SIGUSR2;
      }
    }
    return SIGUSR2;
  }

  /** A set of signals as the kernel reads it: bit n - 1 is signal n. */
  public static long setOf(int... signals) {
    long set = 0;
    for (int signal : signals) {
      set |= 1L << (signal - 1);
    }
    return set;
  }

  /** The address of a signal's handler: 0 is the default action, 1 is ignored. */
  public static long handlerOf(int signal) {
    try (Arena arena = Arena.ofConfined()) {
      // struct kernel_sigaction: the handler comes first on both architectures.
      MemorySegment action = arena.allocate(64, 8);
      long result =
          LibC.syscall(SystemCall.RT_SIGACTION, signal, 0, action.address(), SIGSET_SIZE_BYTES);
      if (result != 0) {
        throw new SystemCallException("rt_sigaction of signal " + signal, result);
      }
      return VirtualMemory.longAt(action.address());
    }
  }

  /** The file that a signal's handler lies in; empty if there is no handler or no file. */
  public static Optional<String> handlerLibrary(int signal) {
    return LibC.fileOf(handlerOf(signal));
  }
}
