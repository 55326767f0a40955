package dev.stackful.benchmarks;

import dev.stackful.Engine;
import dev.stackful.fiber.Channel;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A value's way from one to the next in a ring of 10,000, each of which receives it from the one
 * before and sends it to the one behind, over channels that hold nothing. The ring stands all the
 * time: its making is not measured. Each has a stack of its own, which the caches have forgotten
 * when its turn comes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(RingBenchmark.HOPS)
public class RingBenchmark {
  private static final int SIZE = 10_000;
  private static final int LAPS = 10;
  static final int HOPS = SIZE * LAPS;

  /** What goes around. */
  @State(Scope.Thread)
  public static class Value {
    Object value = new Object();
  }

  /**
   * The fibers. With a virtual clock a runtime can be run until all of them wait for the value, as
   * its time is over at once then; the clock is not read meanwhile.
   */
  @State(Scope.Thread)
  public static class Fibers {
    private static final Duration SOME_TIME = Duration.ofNanos(1);

    private final FiberRuntime runtime =
        FiberRuntime.builder().engine(Engine.NATIVE).clock(FiberClock.virtual()).build();
    private final List<Channel<Object>> channels =
        Stream.generate(Channel::rendezvous).limit(SIZE + 1).toList();

    @Setup
    public void start() throws InterruptedException {
      for (int i = 0; i < SIZE; i++) {
        Channel<Object> in = channels.get(i);
        Channel<Object> out = channels.get(i + 1);
        runtime.launch(
            () -> {
              for (Object value : in) {
                out.send(value);
              }
            });
      }
      runtime.runFor(SOME_TIME);
    }

    Object pass(Object value) throws InterruptedException {
      Fiber<Object> passing =
          runtime.spawn(
              () -> {
                Object token = value;
                for (int lap = 0; lap < LAPS; lap++) {
                  channels.getFirst().send(token);
                  token = channels.getLast().receive();
                }
                return token;
              });
      runtime.runFor(SOME_TIME);
      return passing.join();
    }

    @TearDown(Level.Trial)
    public void close() {
      runtime.close();
    }
  }

  /** The virtual threads. */
  @State(Scope.Thread)
  public static class Threads {
    private final List<SynchronousQueue<Object>> queues =
        Stream.generate(SynchronousQueue::new).limit(SIZE + 1).toList();
    private final List<Thread> threads =
        IntStream.range(0, SIZE)
            .mapToObj(
                i -> Thread.startVirtualThread(() -> passOn(queues.get(i), queues.get(i + 1))))
            .toList();

    private static void passOn(SynchronousQueue<Object> in, SynchronousQueue<Object> out) {
      try {
        while (true) {
          out.put(in.take());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // it ends
      }
    }

    Object pass(Object value) throws InterruptedException {
      Object token = value;
      for (int lap = 0; lap < LAPS; lap++) {
        queues.getFirst().put(token);
        token = queues.getLast().take();
      }
      return token;
    }

    @TearDown(Level.Trial)
    public void close() {
      threads.forEach(Thread::interrupt);
    }
  }

  /** The coroutines in Kotlin. */
  @State(Scope.Thread)
  public static class Kotlin {
    final KotlinPeer.Ring ring = new KotlinPeer.Ring(SIZE);

    @TearDown(Level.Trial)
    public void close() {
      ring.close();
    }
  }

  @Benchmark
  public Object fiberNative(Fibers ours, Value value) throws InterruptedException {
    return ours.pass(value.value);
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {Jvm.ON_VIRTUAL_THREAD, Jvm.ONE_CARRIER})
  public Object virtualThreadsOneCarrier(Threads peer, Value value) throws InterruptedException {
    return peer.pass(value.value);
  }

  @Benchmark
  public Object kotlin(Kotlin peer, Value value) {
    return peer.ring.pass(LAPS, value.value);
  }
}
