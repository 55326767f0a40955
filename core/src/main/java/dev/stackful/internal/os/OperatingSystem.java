package dev.stackful.internal.os;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * What stacks need of the operating system: memory, and a few facts. There is one implementation
 * for each system; whatever else foreign coroutines use doesn't know which one it is.
 *
 * <p>(The native engine, which runs Java on its stacks, needs far more, and is for Linux alone.)
 */
public sealed interface OperatingSystem permits Linux, MacOs {
  /** The one that this JVM runs on, if it is known. */
  static Optional<OperatingSystem> current() {
    return Current.SYSTEM;
  }

  /**
   * The one that this JVM runs on, where a check has said that it is known.
   *
   * @throws IllegalStateException if it is not
   */
  static OperatingSystem require() {
    Optional<OperatingSystem> system = current();
    if (system.isEmpty()) {
      throw new IllegalStateException(
          "memory is mapped on Linux and macOS only; this is " + System.getProperty("os.name"));
    }
    return system.get();
  }

  /** Looked for once. */
  final class Current {
    private static final Optional<OperatingSystem> SYSTEM =
        switch (System.getProperty("os.name", "")) {
          case "Linux" -> Optional.of(new Linux());
          case "Mac OS X" -> Optional.of(new MacOs(MacOs.Calls.linked()));
          default -> Optional.empty();
        };

    private Current() {}
  }

  /** Why C functions can't run on stacks of ours here, if they can't. */
  Optional<String> refusal(Isa isa);

  /** The size of a page in bytes, a power of two. */
  long pageSizeBytes();

  /** Rounds a number of bytes up to whole pages. */
  default long roundUpToPages(long sizeBytes) {
    long page = pageSizeBytes();
    return (sizeBytes + page - 1) / page * page;
  }

  /** The least that a signal's frame may need on a stack, in bytes. */
  long minimumSignalStackBytes();

  /**
   * Maps zeroed, readable and writable memory.
   *
   * @param sizeBytes a multiple of the page size
   * @return memory that lives until it is unmapped
   * @throws SystemCallException if the kernel refuses
   */
  MemorySegment map(long sizeBytes);

  /**
   * Makes pages that are completely written readable and executable, for good, and has the
   * processor see what was written.
   *
   * @throws SystemCallException if the kernel refuses
   */
  void makeExecutable(MemorySegment pages);

  /**
   * Maps machine code: written while the pages are writable, executable afterwards, for good (W^X:
   * never both at once).
   *
   * @return the code's pages
   * @throws SystemCallException if the kernel refuses
   */
  default MemorySegment mapCode(byte[] bytes) {
    MemorySegment code = map(roundUpToPages(bytes.length));
    code.copyFrom(MemorySegment.ofArray(bytes));
    makeExecutable(code);
    return code;
  }

  /**
   * Makes pages inaccessible, at the price of a mapping of their own.
   *
   * @throws SystemCallException if the kernel refuses
   */
  void makeGuard(MemorySegment pages);

  /**
   * Makes pages inaccessible without a mapping of their own.
   *
   * @return whether it could
   */
  boolean tryMakeGuardWithoutMapping(MemorySegment pages);

  /** Whether {@link #tryMakeGuardWithoutMapping} makes a guard that guards. */
  boolean guardsWithoutMappings();

  /**
   * Gives the memory behind these pages back to the system. What they hold afterwards isn't said.
   * Guards among them stay.
   *
   * @throws SystemCallException if the kernel refuses
   */
  void discard(MemorySegment pages);

  /**
   * Takes a mapping away. Nothing may use it any more.
   *
   * @throws SystemCallException if the kernel refuses
   */
  void unmap(MemorySegment memory);
}
