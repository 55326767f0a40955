package dev.stackful;

import org.jspecify.annotations.Nullable;

/**
 * A piece of context that some library keeps for each thread, and that is to go from the resumer to
 * the body with every turn: a logging context, a transaction. It is taken where somebody resumes,
 * set on the body's thread as the body goes on, and put back there before the body leaves, so that
 * nothing of one resumer is left for the next.
 *
 * <p>A body with {@link Coroutine.Context#RESUMER} sees its resumer's thread-locals anyway. This is
 * for a body that has its own, and for what libraries keep elsewhere than in thread-locals.
 *
 * {@snippet class="dev.stackful.examples.snippets.Elements" region="element"}
 *
 * <p>The methods are called in every turn, on the hot path, and should not block. One element may
 * serve many coroutines at once: it must keep nothing in itself that belongs to a turn. It must not
 * yield, nor resume the coroutine that it is called for.
 *
 * @apiNote kotlinx.coroutines has the same as {@code ThreadContextElement}, Micrometer as {@code
 *     ThreadLocalAccessor}. For a context that stays the same for all of a body's life, as a
 *     fiber's, none is needed: take it where the body is made, and set it at the body's start. The
 *     body's thread is its own, and keeps it.
 * @param <C> what is captured
 * @param <P> what was there before, on the body's thread
 * @since 0.1.0
 */
public interface ContextElement<C extends @Nullable Object, P extends @Nullable Object> {
  /**
   * Takes the context of the calling thread: whoever is about to resume the coroutine, or to
   * transfer to it. What it throws comes out of the resume, and nothing else has happened.
   *
   * @return what {@link #set} is to set
   */
  C capture();

  /**
   * Sets the context on the calling thread, the body's. What it throws the body finds at its
   * pending yield, as if it were {@linkplain Coroutine#raise raised}; a body that has not begun
   * ends with it. Elements that were set before it are put back.
   *
   * @param captured what the resumer's context was
   * @return what was there before, for {@link #restore}
   */
  P set(C captured);

  /**
   * Puts back what was there before {@link #set}, on the body's thread. What it throws comes out of
   * the yield or transfer for which the body was about to leave, and it has not left; at the end of
   * the body it comes out of the resume, unless the body threw something itself: then it is
   * suppressed in that.
   *
   * @param previous what {@code set} returned
   */
  void restore(P previous);
}
