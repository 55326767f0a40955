package dev.stackful;

import org.jspecify.annotations.Nullable;

/**
 * What a coroutine's body holds of its coroutine: the way back to whoever resumed it. It is valid
 * on the coroutine's own thread only, until the body ends. It may be handed to whatever the body
 * calls, and stored where that finds it.
 *
 * @param <I> what {@code resume} sends in
 * @param <O> what {@code yield} sends out
 * @since 0.1.0
 */
public interface Yielder<I extends @Nullable Object, O extends @Nullable Object> {
  /**
   * The way back of the coroutine whose body is calling, for code that was not handed it: a
   * callback, a database function, a request handler.
   *
   * <p>The caller vouches for the types, and nothing checks them: if they are not those of the
   * coroutine, a {@link ClassCastException} comes later, where somebody uses such a value.
   *
   * @param <I> what {@code resume} sends in
   * @param <O> what {@code yield} sends out
   * @return what the body got as its first argument
   * @throws IllegalStateException if no coroutine's body is running on the calling thread, or one
   *     that belongs to a generator or a fiber, whose elements and waits have ways of their own
   * @see GeneratorScope#current()
   * @see Coroutine#current()
   */
  @SuppressWarnings("unchecked") // as the Javadoc says
  static <I extends @Nullable Object, O extends @Nullable Object> Yielder<I, O> current() {
    return (Yielder<I, O>) CoroutineCore.currentUnowned();
  }

  /**
   * Suspends the coroutine: {@code value} is what the pending {@link Coroutine#resume(Object)
   * resume} returns. It may be called from any depth below the body: out of a recursion, a lambda
   * inside a stream, a {@code synchronized} block, a static initializer, a callback that C code is
   * calling. Locks that the body holds {@linkplain Coroutine##locks stay held}.
   *
   * <p>It throws what a resumer {@linkplain Coroutine#raise raises}, of whatever type, a checked
   * exception included.
   *
   * @param value handed to the resumer; may be null
   * @return what the next {@code resume} hands in
   * @throws WrongThreadException if called by a thread other than the coroutine's own, such as that
   *     of a coroutine that it resumed
   * @throws IllegalStateException if the body has ended
   * @throws ForcedUnwind if the coroutine is {@linkplain Coroutine#close closed}, or abandoned,
   *     while it is suspended here; at once if it is being closed already. Let it pass
   */
  I yield(O value);

  /**
   * Suspends the coroutine and has another go on in its place: symmetric control. What {@code
   * target} yields, returns or throws goes to whoever resumed this one, out of the very call of
   * {@link Coroutine#resume(Object) resume} that is pending; by a transfer of its own the target
   * passes the place on.
   *
   * {@snippet class="dev.stackful.examples.snippets.PingPong" region="ping-pong"}
   *
   * <p>This coroutine is {@link Coroutine.State#SUSPENDED} from then on. It goes on, as after a
   * yield, when somebody resumes it or transfers to it; what they hand in is the result. If the
   * target ends, it alone is done; nothing leads back here by itself.
   *
   * <p>Actions prior to the call <i>happen-before</i> those of the target subsequent to its pending
   * yield or transfer.
   *
   * @param <J> what the target is sent
   * @param target a coroutine on the same engine that could be resumed now
   * @param value what the target's pending yield or transfer returns, or its body's second argument
   * @return what the next {@code resume} or transfer hands in
   * @throws NullPointerException if {@code target} is null
   * @throws NotResumableException if the target is running (this one is), waits for another that it
   *     resumed, has ended, or belongs to a generator or a fiber; nothing has changed then
   * @throws IllegalStateException if this coroutine's body has ended
   * @throws IllegalArgumentException if the target is on another engine
   * @throws CoroutineLimitException if the target is new and there is no stack for it
   * @throws WrongThreadException as {@link #yield}
   * @throws ForcedUnwind as {@link #yield}; a body that is being closed leaves the target alone
   * @implNote On {@link Engine#NATIVE} it is one switch, where a yield and a resume are two.
   */
  <J extends @Nullable Object> I transferTo(Coroutine<J, ? extends O> target, J value);
}
