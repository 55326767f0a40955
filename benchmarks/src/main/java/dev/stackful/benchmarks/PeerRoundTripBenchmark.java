package dev.stackful.benchmarks;

import java.util.concurrent.Exchanger;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@link RoundTripBenchmark} does, by peers that aren't there: two threads with a {@link
 * SynchronousQueue} for each way or with an {@link Exchanger}, and libraries that rewrite byte
 * code.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PeerRoundTripBenchmark {

  /** A thread that gives back what it gets; a virtual one if that which measures is one. */
  public abstract static class Peer {
    @Setup
    public void start() {
      Thread.Builder builder =
          Thread.currentThread().isVirtual() ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
      builder.start(
          () -> {
            try {
              while (true) {
                giveBack();
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }

    abstract void giveBack() throws InterruptedException;
  }

  @State(Scope.Thread)
  public static class Queues extends Peer {
    final SynchronousQueue<Object> there = new SynchronousQueue<>();
    final SynchronousQueue<Object> back = new SynchronousQueue<>();

    @Override
    void giveBack() throws InterruptedException {
      back.put(there.take());
    }

    Object roundTrip(Object value) throws InterruptedException {
      there.put(value);
      return back.take();
    }
  }

  @State(Scope.Thread)
  public static class Exchange extends Peer {
    final Exchanger<Object> exchanger = new Exchanger<>();

    @Override
    void giveBack() throws InterruptedException {
      exchanger.exchange(exchanger.exchange(this));
    }

    /** Two exchanges, for the answer may depend on the value. */
    Object roundTrip(Object value) throws InterruptedException {
      exchanger.exchange(value);
      return exchanger.exchange(value);
    }
  }

  @Benchmark
  public Object synchronousQueuesPlatformThreads(Queues peer, RoundTripBenchmark.Value value)
      throws InterruptedException {
    return peer.roundTrip(value.value);
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {Jvm.ON_VIRTUAL_THREAD, Jvm.ONE_CARRIER})
  public Object synchronousQueuesVirtualThreadsOneCarrier(
      Queues peer, RoundTripBenchmark.Value value) throws InterruptedException {
    return peer.roundTrip(value.value);
  }

  @Benchmark
  public Object exchangerPlatformThreads(Exchange peer, RoundTripBenchmark.Value value)
      throws InterruptedException {
    return peer.roundTrip(value.value);
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {Jvm.ON_VIRTUAL_THREAD, Jvm.ONE_CARRIER})
  public Object exchangerVirtualThreadsOneCarrier(Exchange peer, RoundTripBenchmark.Value value)
      throws InterruptedException {
    return peer.roundTrip(value.value);
  }

  /** One of each, suspended. */
  @State(Scope.Thread)
  public static class JavaflowEcho {
    final UnaryOperator<Object> echo = new Woven.Javaflow().peer.echo(Long.MAX_VALUE);
  }

  @State(Scope.Thread)
  public static class OffbynullEcho {
    final UnaryOperator<Object> echo = new Woven.OffbynullCoroutines().peer.echo(Long.MAX_VALUE);
  }

  @State(Scope.Thread)
  public static class KilimEcho {
    final UnaryOperator<Object> echo = new Woven.Kilim().peer.echo(Long.MAX_VALUE);
  }

  @Benchmark
  public Object javaflow(JavaflowEcho peer, RoundTripBenchmark.Value value) {
    return peer.echo.apply(value.value);
  }

  @Benchmark
  public Object offbynullCoroutines(OffbynullEcho peer, RoundTripBenchmark.Value value) {
    return peer.echo.apply(value.value);
  }

  @Benchmark
  public Object kilim(KilimEcho peer, RoundTripBenchmark.Value value) {
    return peer.echo.apply(value.value);
  }
}
