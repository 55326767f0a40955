package dev.stackful.benchmarks;

import dev.stackful.Engine;
import dev.stackful.fiber.FiberRuntime;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A runtime for fibers on the native engine, the same for the whole of a benchmark. */
@State(Scope.Thread)
public class NativeRuntime {
  final FiberRuntime runtime;

  public NativeRuntime() {
    this(FiberRuntime.builder());
  }

  private NativeRuntime(FiberRuntime.Builder builder) {
    this.runtime = builder.engine(Engine.NATIVE).build();
  }

  @TearDown(Level.Trial)
  public void close() {
    runtime.close();
  }

  /** The same, whose fibers take turns depth first. */
  public static class DepthFirst extends NativeRuntime {
    public DepthFirst() {
      super(FiberRuntime.builder().depthFirst());
    }
  }
}
