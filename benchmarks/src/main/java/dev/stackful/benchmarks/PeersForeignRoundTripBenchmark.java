package dev.stackful.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import dev.stackful.internal.foreign.ForeignContext;
import dev.stackful.internal.foreign.ForeignContextLayout;
import dev.stackful.internal.foreign.ForeignSwitch;
import dev.stackful.internal.foreign.Thunks;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
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
 * A round trip to a C function that yields: resumed from Java, and without Java beside Boost's
 * fiber, both in a loop in C++.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PeersForeignRoundTripBenchmark {
  private static final int IN_C = 1_000;

  private static final FunctionDescriptor ECHO = FunctionDescriptor.ofVoid(ADDRESS);

  /** The loops in C++. */
  @State(Scope.Thread)
  public static class Loops {
    final MethodHandle boost =
        Peers.downcall("boost_round_trips", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    final MethodHandle stackful =
        Peers.downcall(
            "stackful_round_trips", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG));
    final MemorySegment resume = ForeignSwitch.resumeFunction();
    private final ForeignContext context = ForeignContext.allocate(64 * 1024);
    final MemorySegment echo = MemorySegment.ofAddress(context.address());

    @Setup
    public void start() {
      MemorySegment yielder = Thunks.takeYield(context.address());
      context.fields().set(JAVA_LONG, ForeignContextLayout.ARGUMENTS, Thunks.functionOf(yielder));
      context.begin(Peers.address("echo").address());
      ForeignSwitch.resume(context.address());
    }
  }

  private static final FunctionDescriptor LONG_OF_LONG =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);

  /** A coroutine that yields for ever. */
  @State(Scope.Thread)
  public static class Ordinary {
    ForeignCoroutine coroutine;
    ForeignCallback yielder;
    long value;

    ForeignCoroutine.Builder builder() {
      return ForeignCoroutine.builder();
    }

    ForeignCallback make(ForeignCoroutine its) {
      return its.yielder();
    }

    @Setup
    public void start() {
      coroutine = builder().build();
      yielder = make(coroutine);
      coroutine.start(Peers.address("echo"), ECHO, yielder.function());
      coroutine.resume();
    }

    @TearDown(Level.Trial)
    public void end() {
      coroutine.close();
    }
  }

  /** One that is resumed by critical downcalls. */
  @State(Scope.Thread)
  public static class Critical extends Ordinary {
    @Override
    ForeignCoroutine.Builder builder() {
      return super.builder().critical();
    }
  }

  /** One that yields by a callback of the same type, which saves more registers. */
  @State(Scope.Thread)
  public static class Calling extends Ordinary {
    @Override
    ForeignCallback make(ForeignCoroutine its) {
      return its.callback(LONG_OF_LONG);
    }
  }

  @Benchmark
  public long foreignCallback(Calling echo) {
    echo.coroutine.resume(echo.value);
    return echo.yielder.getLong(0);
  }

  @Benchmark
  public long foreignCoroutine(Ordinary echo) {
    echo.coroutine.resume(echo.value);
    return echo.yielder.getLong(0);
  }

  @Benchmark
  public long foreignCoroutineCritical(Critical echo) {
    echo.coroutine.resume(echo.value);
    return echo.yielder.getLong(0);
  }

  @Benchmark
  @OperationsPerInvocation(IN_C)
  public long boostFiberInC(Loops loops) throws Throwable {
    return (long) loops.boost.invokeExact((long) IN_C);
  }

  /** The routine alone, from Java. */
  @Benchmark
  public void rawFromJava(Loops loops) {
    ForeignSwitch.resume(loops.echo.address());
  }

  @Benchmark
  public void rawFromJavaCritical(Loops loops) {
    ForeignSwitch.resumeCritical(loops.echo.address());
  }

  @Benchmark
  @OperationsPerInvocation(IN_C)
  public void stackfulInC(Loops loops) throws Throwable {
    loops.stackful.invokeExact(loops.resume, loops.echo, (long) IN_C);
  }
}
