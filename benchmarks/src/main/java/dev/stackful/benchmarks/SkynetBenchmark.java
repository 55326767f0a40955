package dev.stackful.benchmarks;

import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A fiber's share of a tree of fibers, which is known as skynet: each has ten children, whose
 * results it sums, and the 100,000 leaves have a number each. 111,111 fibers are born and end.
 *
 * <p>On the native engine 11,111 stacks are needed at a time. Fibers take turns first in, first
 * out, so the tree is made level by level; when the leaves begin, all others wait for their
 * children, but a leaf ends in its first turn and leaves its stack to the next one. Depth first, 6
 * stacks are.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(SkynetBenchmark.FIBERS)
public class SkynetBenchmark {
  private static final int CHILDREN = 10;
  private static final int LEAVES = 100_000;
  static final int FIBERS = 111_111;

  @Benchmark
  public long fiberNative(NativeRuntime ours) throws InterruptedException {
    return tree(ours);
  }

  @Benchmark
  public long fiberNativeDepthFirst(NativeRuntime.DepthFirst ours) throws InterruptedException {
    return tree(ours);
  }

  private static long tree(NativeRuntime ours) throws InterruptedException {
    Fiber<Long> root = ours.runtime.spawn(() -> node(ours.runtime, 0, LEAVES));
    ours.runtime.run();
    return root.join();
  }

  private static long node(FiberRuntime runtime, long first, int leaves) {
    if (leaves == 1) {
      return first;
    }
    int share = leaves / CHILDREN;
    List<Fiber<Long>> children = new ArrayList<>(CHILDREN);
    for (int i = 0; i < CHILDREN; i++) {
      long firstOfChild = first + (long) i * share;
      children.add(runtime.spawn(() -> node(runtime, firstOfChild, share)));
    }
    long sum = 0;
    for (Fiber<Long> child : children) {
      sum += child.join();
    }
    return sum;
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {Jvm.ON_VIRTUAL_THREAD, Jvm.ONE_CARRIER})
  public long virtualThreadsOneCarrier() throws InterruptedException {
    Node root = new Node(0, LEAVES);
    Thread.startVirtualThread(root).join();
    return root.sum;
  }

  /** What a virtual thread runs, which has no result of its own. */
  private static final class Node implements Runnable {
    private final long first;
    private final int leaves;
    private long sum;

    Node(long first, int leaves) {
      this.first = first;
      this.leaves = leaves;
    }

    @Override
    public void run() {
      if (leaves == 1) {
        sum = first;
        return;
      }
      int share = leaves / CHILDREN;
      List<Node> children = new ArrayList<>(CHILDREN);
      List<Thread> threads = new ArrayList<>(CHILDREN);
      for (int i = 0; i < CHILDREN; i++) {
        Node child = new Node(first + (long) i * share, share);
        children.add(child);
        threads.add(Thread.startVirtualThread(child));
      }
      try {
        for (int i = 0; i < CHILDREN; i++) {
          threads.get(i).join();
          sum += children.get(i).sum;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Benchmark
  public long kotlin() {
    return KotlinPeer.skynet(LEAVES);
  }
}
