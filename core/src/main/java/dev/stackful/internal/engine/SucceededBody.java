package dev.stackful.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * A body at whose end another coroutine may go on in its place, before whoever resumed it does: one
 * switch where otherwise there were two, or none where the other is new and begins on the stack
 * that has just become free.
 *
 * @param <C> what a coroutine is
 */
public interface SucceededBody<C> extends OwnedBody {
  /**
   * Decides who goes on. Called on the thread of the body, which has returned. What it throws is
   * dropped, and whoever resumed the body goes on.
   *
   * @return a coroutine that nobody else resumes; null if whoever resumed this one is to go on
   */
  @Nullable C successor();
}
