package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A resume and the yield that answers it. A peer is measured where it is at its best: virtual
 * threads from a virtual thread, and on one carrier too.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoundTripBenchmark {

  /** What goes in and comes out. */
  @State(Scope.Thread)
  public static class Value {
    Object value = new Object();
  }

  /** A coroutine of ours. */
  public abstract static class Ours {
    final Coroutine<Object, Object> coroutine;

    Ours(Engine engine) {
      this.coroutine = Coroutine.builder().engine(engine).build(Echo.ENDLESS);
    }

    @TearDown(Level.Trial)
    public void close() {
      coroutine.close();
    }
  }

  @State(Scope.Thread)
  public static class OnNative extends Ours {
    public OnNative() {
      super(Engine.NATIVE);
    }
  }

  @State(Scope.Thread)
  public static class OnPlatformThread extends Ours {
    public OnPlatformThread() {
      super(Engine.PLATFORM_THREAD);
    }
  }

  @State(Scope.Thread)
  public static class OnVirtualThread extends Ours {
    public OnVirtualThread() {
      super(Engine.VIRTUAL_THREAD);
    }
  }

  @Benchmark
  public Object coroutineNative(OnNative ours, Value value) {
    return ours.coroutine.resume(value.value);
  }

  @Benchmark
  @Fork(value = 3, jvmArgsAppend = Jvm.MEMORY_BARRIER)
  public Object coroutineNativeMemoryBarrier(OnNative ours, Value value) {
    return ours.coroutine.resume(value.value);
  }

  @Benchmark
  @Fork(value = 3, jvmArgsAppend = Jvm.ON_VIRTUAL_THREAD)
  public Object coroutineNativeOnVirtualThread(OnNative ours, Value value) {
    return ours.coroutine.resume(value.value);
  }

  @Benchmark
  public Object coroutinePlatformThread(OnPlatformThread ours, Value value) {
    return ours.coroutine.resume(value.value);
  }

  @Benchmark
  @Fork(value = 3, jvmArgsAppend = Jvm.PARK_AT_ONCE)
  public Object coroutinePlatformThreadParked(OnPlatformThread ours, Value value) {
    return ours.coroutine.resume(value.value);
  }

  @Benchmark
  public Object coroutineVirtualThread(OnVirtualThread ours, Value value) {
    return ours.coroutine.resume(value.value);
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {Jvm.ON_VIRTUAL_THREAD, Jvm.ONE_CARRIER})
  public Object coroutineVirtualThreadOneCarrier(OnVirtualThread ours, Value value) {
    return ours.coroutine.resume(value.value);
  }

  @State(Scope.Thread)
  public static class OnContinuation {
    final ContinuationEcho echo = new ContinuationEcho(Long.MAX_VALUE);
  }

  @Benchmark
  public Object continuation(OnContinuation peer, Value value) {
    return peer.echo.resume(value.value);
  }

  @State(Scope.Thread)
  public static class PlatformThread {
    ThreadEcho echo = new ThreadEcho(Thread.ofPlatform().daemon(), Long.MAX_VALUE);

    @Setup
    public void start() {
      echo.start();
    }
  }

  @State(Scope.Thread)
  public static class VirtualThread {
    ThreadEcho echo = new ThreadEcho(Thread.ofVirtual(), Long.MAX_VALUE);

    @Setup
    public void start() {
      echo.start();
    }
  }

  @Benchmark
  public Object platformThreads(PlatformThread peer, Value value) {
    return peer.echo.resume(value.value);
  }

  @Benchmark
  @Fork(value = 3, jvmArgsAppend = Jvm.ON_VIRTUAL_THREAD)
  public Object virtualThreads(VirtualThread peer, Value value) {
    return peer.echo.resume(value.value);
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {Jvm.ON_VIRTUAL_THREAD, Jvm.ONE_CARRIER})
  public Object virtualThreadsOneCarrier(VirtualThread peer, Value value) {
    return peer.echo.resume(value.value);
  }
}
