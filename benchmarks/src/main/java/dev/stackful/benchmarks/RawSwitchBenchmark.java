package dev.stackful.benchmarks;

import dev.stackful.Engine;
import dev.stackful.internal.context.ContextSwitch;
import dev.stackful.internal.context.StackContext;
import dev.stackful.internal.os.RestartableSequence;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
 * What lies below a round trip: the machine code there and back without the coroutine around it,
 * and a downcall that does nothing. A round trip is two downcalls, so it cannot cost less than
 * twice that.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RawSwitchBenchmark {
  private static final MethodHandle LABS = labs();
  private static final MethodHandle CRITICAL_LABS = labs(Linker.Option.critical(false));

  private static MethodHandle labs(Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("labs"),
        FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
        options);
  }

  /** A number that the compiler doesn't know. */
  @State(Scope.Thread)
  public static class Argument {
    long number = -1;
  }

  /** A thread that is switched to, and switches back, with nothing between. */
  @State(Scope.Thread)
  public static class Stack {
    private StackContext context;
    private volatile boolean ending;
    long root;
    long own;

    @Setup
    public void start() {
      if (!Engine.NATIVE.isAvailable()) {
        throw new IllegalStateException(Engine.NATIVE.unavailableReason());
      }
      context = StackContext.allocate(0);
      root = context.rootAddress();
      own = context.address();
      Thread thread = Thread.ofPlatform().daemon().start(this::run);
      if (!context.awaitParked(thread)) {
        throw new IllegalStateException("the thread did not park");
      }
      ContextSwitch.switchFromNewThread(root, own);
    }

    private void run() {
      RestartableSequence.unregister(ContextSwitch.threadPointer());
      context.park();
      while (!ending) {
        ContextSwitch.switchContext(own, root);
      }
      context.free();
    }

    @TearDown(Level.Trial)
    public void end() {
      ending = true;
      context.wake();
    }
  }

  @Benchmark
  public void rawSwitch(Stack stack) {
    ContextSwitch.switchContext(stack.root, stack.own);
  }

  @Benchmark
  @Fork(value = 3, jvmArgsAppend = Jvm.MEMORY_BARRIER)
  public void rawSwitchMemoryBarrier(Stack stack) {
    ContextSwitch.switchContext(stack.root, stack.own);
  }

  @Benchmark
  public long downcall(Argument argument) throws Throwable {
    return (long) LABS.invokeExact(argument.number);
  }

  @Benchmark
  @Fork(value = 3, jvmArgsAppend = Jvm.MEMORY_BARRIER)
  public long downcallMemoryBarrier(Argument argument) throws Throwable {
    return (long) LABS.invokeExact(argument.number);
  }

  @Benchmark
  public long criticalDowncall(Argument argument) throws Throwable {
    return (long) CRITICAL_LABS.invokeExact(argument.number);
  }
}
