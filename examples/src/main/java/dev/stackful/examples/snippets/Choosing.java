package dev.stackful.examples.snippets;

import dev.stackful.Generator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One recursive walk, turned into an iterator in the ways that docs/choosing.md compares. */
public final class Choosing {
  /**
   * A binary tree.
   *
   * @param left what comes before the value
   * @param value the root's
   * @param right what comes after it
   */
  public record Node(@Nullable Node left, int value, @Nullable Node right) {}

  private Choosing() {}

  // @start region="walk"
  static void walk(@Nullable Node node, Consumer<Integer> visitor) {
    if (node != null) {
      walk(node.left(), visitor);
      visitor.accept(node.value());
      walk(node.right(), visitor);
    }
  }

  // @end

  // @start region="generator"
  static Generator<Integer> byGenerator(Node tree) {
    return Generator.of(scope -> walk(tree, scope::yield));
  }

  // @end

  // @start region="by-hand"
  static Iterator<Integer> byHand(Node tree) {
    return new Iterator<>() {
      private final Deque<Node> path = new ArrayDeque<>(); // what the recursion has on its stack

      {
        descend(tree);
      }

      private void descend(@Nullable Node node) {
        for (Node next = node; next != null; next = next.left()) {
          path.push(next);
        }
      }

      @Override
      public boolean hasNext() {
        return !path.isEmpty();
      }

      @Override
      public Integer next() {
        if (path.isEmpty()) {
          throw new NoSuchElementException();
        }
        Node node = path.pop();
        descend(node.right());
        return node.value();
      }
    };
  }

  // @end

  // @start region="queue"
  static final Object END = new Object();

  static BlockingQueue<Object> byThread(Node tree) {
    BlockingQueue<Object> queue = new SynchronousQueue<>();
    Consumer<Object> put =
        element -> {
          try {
            queue.put(element);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    Thread.startVirtualThread(
        () -> {
          walk(tree, put::accept);
          put.accept(END); // also where walk has thrown? and who takes what the reader leaves?
        });
    return queue;
  }

  // @end

  /** Takes all that comes before the end. */
  static List<Object> takeAll(BlockingQueue<Object> queue) throws InterruptedException {
    List<Object> all = new ArrayList<>();
    for (Object element = queue.take(); element != END; element = queue.take()) {
      all.add(element);
    }
    return all;
  }

  // @start region="virtual-threads"
  static <T> List<T> all(List<Callable<T>> blockingCalls)
      throws InterruptedException, ExecutionException {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> result : executor.invokeAll(blockingCalls)) {
        results.add(result.get());
      }
      return results;
    }
  }
  // @end
}
