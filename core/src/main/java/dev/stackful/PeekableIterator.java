package dev.stackful;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An iterator that shows its next element without taking it: what a parser needs to decide by the
 * next token.
 *
 * @param <T> the elements; null is one like any other
 * @since 0.1.0
 */
public interface PeekableIterator<T extends @Nullable Object> extends Iterator<T> {
  /**
   * The element that {@link #next} will return.
   *
   * @return the next element, which stays the next
   * @throws NoSuchElementException if there is none
   */
  T peek();

  /**
   * Makes an iterator peekable. It asks {@code iterator} for an element when it is peeked at, or
   * taken, and not before.
   *
   * @param <T> the elements
   * @param iterator must not be used directly any more
   * @return {@code iterator} itself, if it is peekable
   * @throws NullPointerException if {@code iterator} is null
   */
  static <T extends @Nullable Object> PeekableIterator<T> of(Iterator<T> iterator) {
    Objects.requireNonNull(iterator, "iterator");
    return iterator instanceof PeekableIterator<T> peekable
        ? peekable
        : new PeekingIterator<>(iterator);
  }
}
