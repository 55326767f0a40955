package dev.stackful.benchmarks;

import dev.stackful.fiber.Channel;
import dev.stackful.fiber.Fiber;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A value goes to another fiber and comes back, over two channels that hold nothing: 1,000 times,
 * the start and the end included.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(ChannelBenchmark.ROUND_TRIPS)
public class ChannelBenchmark {
  static final int ROUND_TRIPS = 1_000;

  /** What goes to and fro. */
  @State(Scope.Thread)
  public static class Value {
    Object value = new Object();
  }

  @Benchmark
  public Object fiberNative(NativeRuntime ours, Value value) throws InterruptedException {
    Channel<Object> there = Channel.rendezvous();
    Channel<Object> back = Channel.rendezvous();
    ours.runtime.launch(
        () -> {
          for (int i = 0; i < ROUND_TRIPS; i++) {
            back.send(there.receive());
          }
        });
    Fiber<Object> ping =
        ours.runtime.spawn(
            () -> {
              Object ball = value.value;
              for (int i = 0; i < ROUND_TRIPS; i++) {
                there.send(ball);
                ball = back.receive();
              }
              return ball;
            });
    ours.runtime.run();
    return ping.join();
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {Jvm.ON_VIRTUAL_THREAD, Jvm.ONE_CARRIER})
  public Object virtualThreadsOneCarrier(Value value) throws InterruptedException {
    SynchronousQueue<Object> there = new SynchronousQueue<>();
    SynchronousQueue<Object> back = new SynchronousQueue<>();
    Thread pong =
        Thread.startVirtualThread(
            () -> {
              try {
                for (int i = 0; i < ROUND_TRIPS; i++) {
                  back.put(there.take());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Object ball = value.value;
    for (int i = 0; i < ROUND_TRIPS; i++) {
      there.put(ball);
      ball = back.take();
    }
    pong.join();
    return ball;
  }

  @Benchmark
  public Object kotlin(Value value) {
    return KotlinPeer.pingPong(ROUND_TRIPS, value.value);
  }
}
