package dev.stackful.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The peers that rewrite byte code, each of which has been seen to suspend. */
public abstract class Woven {
  final WovenPeer peer;

  Woven(String name) {
    this.peer = WovenPeer.named(name);
  }

  @State(Scope.Thread)
  public static class Javaflow extends Woven {
    public Javaflow() {
      super("Javaflow");
    }
  }

  @State(Scope.Thread)
  public static class OffbynullCoroutines extends Woven {
    public OffbynullCoroutines() {
      super("OffbynullCoroutines");
    }
  }

  @State(Scope.Thread)
  public static class Kilim extends Woven {
    public Kilim() {
      super("Kilim");
    }
  }
}
