package dev.stackful;

import org.jspecify.annotations.Nullable;

/**
 * What a generator's body holds of its generator. It is valid on the body's own thread only, until
 * the body ends.
 *
 * @param <T> the elements
 * @since 0.1.0
 */
public interface GeneratorScope<T extends @Nullable Object> {
  /**
   * The scope of the generator whose body is calling, for code that was not handed it, such as a
   * callback.
   *
   * <p>The caller vouches for the type, and nothing checks it: if the elements are of another, a
   * {@link ClassCastException} comes later, where somebody takes one.
   *
   * @param <T> the elements
   * @return what the body got as its argument
   * @throws IllegalStateException if no generator's body is running on the calling thread
   * @see Yielder#current()
   */
  static <T extends @Nullable Object> GeneratorScope<T> current() {
    return GeneratorIterator.currentScope();
  }

  /**
   * Hands out an element, and suspends the body until the next is wanted; where the generator is
   * {@linkplain Generator#buffered buffered}, when the buffer is full.
   *
   * @param value the element; may be null
   * @throws WrongThreadException if called by a thread other than the body's own
   * @throws IllegalStateException if the body has ended
   * @throws ForcedUnwind if the iterator is closed while the body is suspended here; at once if it
   *     is being closed already, also where there is room in the buffer. Let it pass
   */
  void yield(T value);

  /**
   * Hands out all elements of {@code values}, in order. The body of a {@link Generator} is run in
   * place, on this generator's stack and into its buffer: an element costs one switch however deep
   * generators are nested, and the engine, stack size and buffer that the nested one asks for are
   * ignored.
   *
   * {@snippet class="dev.stackful.examples.snippets.Tree" region="tree"}
   *
   * @param values the elements; an iterator of theirs that is {@link AutoCloseable} is closed, at
   *     its end, and where it or a yield throws; what closing it throws then is suppressed
   * @throws NullPointerException if {@code values} is null
   * @throws CoroutineException if a nested body, or the closing of an iterator, threw a checked
   *     exception; an unchecked one comes out as it is
   * @throws WrongThreadException as {@link #yield}
   * @throws IllegalStateException as {@link #yield}
   * @throws ForcedUnwind as {@link #yield}
   */
  void yieldAll(Iterable<? extends T> values);
}
