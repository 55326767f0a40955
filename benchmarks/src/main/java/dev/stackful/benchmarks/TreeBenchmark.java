package dev.stackful.benchmarks;

import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.GeneratorScope;
import dev.stackful.benchmarks.KotlinPeer.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A node of the 1,024 of a tree that is walked, where nearly all stand at the same depth: below a
 * path of single children, leaves. By a recursive body, ours and that of other libraries; by a
 * generator for each node, nested by {@code yieldAll}, ours and Kotlin's; and by an iterator with a
 * stack, written by hand.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(TreeBenchmark.NODES)
@State(Scope.Thread)
public class TreeBenchmark {
  static final int NODES = 1_024;

  @Param({"5", "20", "100"})
  private int depth;

  private Node tree;

  @Setup
  public void plant() {
    Node node =
        new Node("", Stream.generate(() -> new Node("", List.of())).limit(leaves()).toList());
    for (int i = 1; i < depth; i++) {
      node = new Node("", List.of(node));
    }
    tree = node;
  }

  private int leaves() {
    return NODES - depth;
  }

  private static void walk(Node node, GeneratorScope<Object> scope) {
    scope.yield(node.getValue());
    for (Node child : node.getChildren()) {
      walk(child, scope);
    }
  }

  private static void walk(Node node, Consumer<Object> sink) {
    sink.accept(node.getValue());
    for (Node child : node.getChildren()) {
      walk(child, sink);
    }
  }

  private static Generator<Object> nodes(Node node) {
    return Generator.<Object>of(
            scope -> {
              scope.yield(node.getValue());
              for (Node child : node.getChildren()) {
                scope.yieldAll(nodes(child));
              }
            })
        .on(Engine.NATIVE);
  }

  private static int count(Iterator<Object> nodes) {
    int count = 0;
    while (nodes.hasNext()) {
      nodes.next();
      count++;
    }
    if (count != NODES) {
      throw new IllegalStateException("not all of them: " + count);
    }
    return count;
  }

  @Benchmark
  public int recursion() {
    return count(Generator.<Object>of(scope -> walk(tree, scope)).on(Engine.NATIVE).iterator());
  }

  @Benchmark
  public int recursionBuffered() {
    return count(
        Generator.<Object>of(scope -> walk(tree, scope)).on(Engine.NATIVE).buffered(64).iterator());
  }

  @Benchmark
  public int nestedGenerators() {
    return count(nodes(tree).iterator());
  }

  @Benchmark
  public int nestedGeneratorsBuffered() {
    return count(nodes(tree).buffered(64).iterator());
  }

  @Benchmark
  public int nestedKotlinSequences() {
    return count(KotlinPeer.walk(tree));
  }

  @Benchmark
  public int recursionOnContinuation() {
    return count(new ContinuationIterator(sink -> walk(tree, sink)));
  }

  @Benchmark
  public int recursionByJavaflow(Woven.Javaflow woven) {
    return count(woven.peer.walk(tree));
  }

  @Benchmark
  public int recursionByOffbynullCoroutines(Woven.OffbynullCoroutines woven) {
    return count(woven.peer.walk(tree));
  }

  @Benchmark
  public int recursionByKilim(Woven.Kilim woven) {
    return count(woven.peer.walk(tree));
  }

  @Benchmark
  public int stackByHand() {
    return count(new Walk(tree));
  }

  private static final class Walk implements Iterator<Object> {
    private final Deque<Iterator<Node>> open = new ArrayDeque<>();

    Walk(Node tree) {
      open.push(List.of(tree).iterator());
    }

    @Override
    public boolean hasNext() {
      while (!open.isEmpty() && !open.peek().hasNext()) {
        open.pop();
      }
      return !open.isEmpty();
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Node node = open.peek().next();
      open.push(node.getChildren().iterator());
      return node.getValue();
    }
  }
}
