package dev.stackful.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a coroutine asks of its stack.
 *
 * @param threadName what its thread is called while it serves the coroutine; null where the
 *     coroutine was given no name: a thread that serves many keeps its own then, a new one bears
 *     {@link StackTask#name}
 * @param stackSizeBytes the stack's size in bytes; 0 is the engine's own choice
 * @param fresh whether the thread must not have served another coroutine
 */
public record StackRequest(@Nullable String threadName, long stackSizeBytes, boolean fresh) {
  /** The largest stack, in bytes: 1 GiB, HotSpot's own limit for -Xss. */
  private static final long MOST_STACK_BYTES = 1024L * 1024 * 1024;

  /**
   * Checks the size that somebody chooses for a stack.
   *
   * @return the size
   * @throws IllegalArgumentException if it is out of range
   */
  public static long checkStackSize(long bytes) {
    if (bytes < 1 || bytes > MOST_STACK_BYTES) {
      throw new IllegalArgumentException(
          "a stack's size must be from 1 to " + MOST_STACK_BYTES + " bytes (1 GiB): " + bytes);
    }
    return bytes;
  }
}
