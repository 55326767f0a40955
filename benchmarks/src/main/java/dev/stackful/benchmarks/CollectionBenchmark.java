package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * A whole garbage collection, which is one pause with the serial collector, while so many
 * coroutines are suspended 20 calls deep: their stacks are roots, which it goes through each time.
 * Beside them, as many platform threads that are parked as deep.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class CollectionBenchmark {
  private static final int DEPTH = 20;

  @Param({"0", "1000", "5000", "10000"})
  int suspended;

  private final List<Coroutine<Object, Object>> coroutines = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** Suspends them. */
  @Setup
  public void start(BenchmarkParams params) throws InterruptedException {
    boolean ours = params.getBenchmark().endsWith("coroutineNative");
    for (int i = 0; i < suspended; i++) {
      if (ours) {
        Coroutine<Object, Object> coroutine =
            Coroutine.builder()
                .engine(Engine.NATIVE)
                .build((self, first) -> DepthBenchmark.descend(DEPTH, first, self::yield));
        coroutine.resume("");
        coroutines.add(coroutine);
      } else {
        Thread thread =
            Thread.ofPlatform()
                .daemon()
                .start(() -> DepthBenchmark.descend(DEPTH, "", CollectionBenchmark::park));
        threads.add(thread);
        while (thread.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
    }
  }

  private static Object park(Object value) {
    while (!Thread.interrupted()) {
      LockSupport.park();
    }
    return value;
  }

  @Benchmark
  public void coroutineNative() {
    System.gc();
  }

  @Benchmark
  public void platformThreads() {
    System.gc();
  }

  /** Ends them. */
  @TearDown(Level.Trial)
  public void close() throws InterruptedException {
    coroutines.forEach(Coroutine::close);
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
