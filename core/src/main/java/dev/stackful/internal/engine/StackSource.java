package dev.stackful.internal.engine;

/** Where one engine's stacks come from. */
public interface StackSource {
  /**
   * A stack for one task, which the first {@link CoroutineStack#enter} starts.
   *
   * @param request what the coroutine asked for
   * @param task what will run on it
   * @throws StackLimitException if the machine allows no more
   */
  CoroutineStack take(StackRequest request, StackTask task);
}
