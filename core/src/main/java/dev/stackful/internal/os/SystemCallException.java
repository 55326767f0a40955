package dev.stackful.internal.os;

/** The operating system refused something; the message says what, and the error by name. */
public final class SystemCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A resource is used up for now (include/uapi/asm-generic/errno-base.h). */
  public static final int EAGAIN = 11;

  private final int errno;

  /** For a function that doesn't tell the error. */
  SystemCallException(String message) {
    super(message);
    this.errno = 0;
  }

  SystemCallException(String what, long negatedErrno) {
    super(what + " failed: " + nameOf((int) -negatedErrno));
    this.errno = (int) -negatedErrno;
  }

  /** The error's number (errno(3)); 0 where it isn't known. */
  public int errno() {
    return errno;
  }

  /** errno-base.h and errno.h agree on these between the two architectures, and macOS on most. */
  private static String nameOf(int errno) {
    return switch (errno) {
      case 1 -> "EPERM (not permitted)";
      case EAGAIN -> "EAGAIN (a resource is used up)";
      case 12 -> "ENOMEM (no memory, or no mapping left; on Linux see vm.max_map_count)";
      case 13 -> "EACCES (denied, perhaps by SELinux's execmem)";
      case 22 -> "EINVAL (invalid argument)";
      case 38 -> "ENOSYS (this kernel has no such call)";
      default -> "errno " + errno;
    };
  }
}
