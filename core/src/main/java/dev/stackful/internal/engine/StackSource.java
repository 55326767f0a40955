package dev.stackful.internal.engine;

/** Where one engine's stacks come from. */
public interface StackSource {
  /**
   * A stack for one task.
   *
   * @param request what the coroutine asked for
   * @throws StackLimitException if the machine allows no more
   */
  CoroutineStack take(StackRequest request);
}
