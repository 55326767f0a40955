package dev.stackful.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * A platform thread that is a stack's. A class of its own so that the calling coroutine is found by
 * one field, without a thread-local or a look-up.
 */
abstract sealed class StackThread extends Thread permits NativeStackThread, HandoffThread {
  /** Without inheritable thread-locals: nobody asked for its maker's. */
  StackThread(@Nullable ThreadGroup group, String name, long stackSizeBytes) {
    super(group, null, name, stackSizeBytes, false);
    setDaemon(true);
  }

  abstract CoroutineStack stack();
}
