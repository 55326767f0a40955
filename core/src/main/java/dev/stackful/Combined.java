package dev.stackful;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Generators that are made of several sequences. */
final class Combined {
  private Combined() {}

  static <A extends @Nullable Object, B extends @Nullable Object, T extends @Nullable Object>
      Generator.Body<T> zip(
          Iterable<? extends A> first,
          Iterable<? extends B> second,
          BiFunction<? super A, ? super B, ? extends T> combiner) {
    return closing(
        (scope, opened) -> {
          Iterator<? extends A> a = opened.iterator(first);
          Iterator<? extends B> b = opened.iterator(second);
          while (a.hasNext() && b.hasNext()) {
            scope.yield(combiner.apply(a.next(), b.next()));
          }
        });
  }

  static <T extends @Nullable Object> Generator.Body<T> merge(
      Comparator<? super T> order, List<? extends Iterable<? extends T>> sorted) {
    return closing(
        (scope, opened) -> {
          PriorityQueue<Head<T>> heads = new PriorityQueue<>();
          int position = 0;
          for (Iterable<? extends T> sequence : sorted) {
            Head<T> head = new Head<>(opened.iterator(sequence), position++, order);
            if (head.advance()) {
              heads.add(head);
            }
          }
          Head<T> least = heads.poll();
          while (least != null) {
            scope.yield(least.element());
            if (!least.advance()) {
              least = heads.poll();
              continue;
            }
            Head<T> other = heads.peek();
            if (other != null && other.compareTo(least) < 0) { // else it stays the least
              heads.add(least);
              least = heads.poll();
            }
          }
        });
  }

  /** A body with iterators that are to be closed. */
  @FunctionalInterface
  private interface Closing<T extends @Nullable Object> {
    void run(GeneratorScope<T> scope, Opened opened) throws Exception;
  }

  private static <T extends @Nullable Object> Generator.Body<T> closing(Closing<T> body) {
    return scope -> {
      Opened opened = new Opened();
      Throwable thrown = null;
      try {
        body.run(scope, opened);
      } catch (Throwable t) {
        thrown = t;
        throw t;
      } finally {
        opened.close(thrown);
      }
    };
  }

  /** A sequence of a merge, by its next element. Of two that are equal the earlier sequence's. */
  private static final class Head<T extends @Nullable Object> implements Comparable<Head<T>> {
    private final Iterator<? extends T> iterator;
    private final int position;
    private final Comparator<? super T> order;
    private @Nullable T element;

    Head(Iterator<? extends T> iterator, int position, Comparator<? super T> order) {
      this.iterator = iterator;
      this.position = position;
      this.order = order;
    }

    /** Goes on to the next element, if there is one. */
    boolean advance() {
      if (!iterator.hasNext()) {
        return false;
      }
      element = iterator.next();
      return true;
    }

    T element() {
      return element;
    }

    @Override
    public int compareTo(Head<T> other) {
      int compared = order.compare(element(), other.element());
      return compared != 0 ? compared : Integer.compare(position, other.position);
    }
  }

  /** Iterators, which are closed in the end if they can be: the last first. */
  private static final class Opened {
    private final Deque<AutoCloseable> closeable = new ArrayDeque<>();

    <T extends @Nullable Object> Iterator<T> iterator(Iterable<T> sequence) {
      Iterator<T> iterator = sequence.iterator();
      if (iterator instanceof AutoCloseable toClose) {
        closeable.push(toClose);
      }
      return iterator;
    }

    /**
     * Closes all, whatever comes of one of them.
     *
     * @param thrown what has ended their use, if that was an exception: others are suppressed by it
     */
    void close(@Nullable Throwable thrown) {
      Throwable first = thrown;
      AutoCloseable next;
      while ((next = closeable.poll()) != null) {
        try {
          Generator.close(next, first);
        } catch (RuntimeException | Error e) {
          first = e;
        }
      }
      if (thrown == null && first instanceof RuntimeException e) {
        throw e;
      }
      if (thrown == null && first instanceof Error e) {
        throw e;
      }
    }
  }
}
