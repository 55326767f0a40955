package dev.stackful.benchmarks;

import dev.stackful.fiber.Fiber;
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
 * One yield of two that yield in turn, 10,000 times together, their start and their end included.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(YieldBenchmark.YIELDS)
public class YieldBenchmark {
  static final int YIELDS = 10_000;

  @Benchmark
  public void fiberNative(NativeRuntime ours) throws InterruptedException {
    ours.runtime.launch(YieldBenchmark::yieldFibers);
    ours.runtime.launch(YieldBenchmark::yieldFibers);
    ours.runtime.run();
  }

  private static void yieldFibers() {
    for (int i = 0; i < YIELDS / 2; i++) {
      Fiber.yieldNow();
    }
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {Jvm.ON_VIRTUAL_THREAD, Jvm.ONE_CARRIER})
  public void virtualThreadsOneCarrier() throws InterruptedException {
    Thread one = Thread.startVirtualThread(YieldBenchmark::yieldThreads);
    Thread other = Thread.startVirtualThread(YieldBenchmark::yieldThreads);
    one.join();
    other.join();
  }

  @SuppressWarnings("ThreadPriorityCheck") // the scheduler is what is measured
  private static void yieldThreads() {
    for (int i = 0; i < YIELDS / 2; i++) {
      Thread.yield();
    }
  }

  @Benchmark
  public void kotlin() {
    KotlinPeer.yields(YIELDS);
  }
}
