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
  final FiberRuntime runtime = FiberRuntime.builder().engine(Engine.NATIVE).build();

  @TearDown(Level.Trial)
  public void close() {
    runtime.close();
  }
}
