package dev.stackful.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * From the birth of one to its end: another spawns it and waits until it has ended, 1,000 times.
 * The native engine finds a warm stack in its pool.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(SpawnBenchmark.SPAWNS)
public class SpawnBenchmark {
  static final int SPAWNS = 1_000;

  @Benchmark
  public void fiberNative(NativeRuntime ours, Blackhole blackhole) throws InterruptedException {
    ours.runtime.launch(
        () -> {
          for (int i = 0; i < SPAWNS; i++) {
            ours.runtime.launch(() -> blackhole.consume(ours)).join();
          }
        });
    ours.runtime.run();
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {Jvm.ON_VIRTUAL_THREAD, Jvm.ONE_CARRIER})
  public void virtualThreadsOneCarrier(Blackhole blackhole) throws InterruptedException {
    for (int i = 0; i < SPAWNS; i++) {
      Thread.startVirtualThread(() -> blackhole.consume(this)).join();
    }
  }

  @Benchmark
  public void kotlin(Blackhole blackhole) {
    KotlinPeer.spawns(SPAWNS, () -> blackhole.consume(this));
  }
}
