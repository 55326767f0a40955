package dev.stackful.fuzz;

import dev.stackful.Engine;
import java.util.Arrays;
import java.util.List;

/** The engines of this machine. */
final class Engines {
  private Engines() {}

  static List<Engine> available() {
    return Arrays.stream(Engine.values()).filter(Engine::isAvailable).toList();
  }

  /**
   * An engine that isn't the given one. Coroutines on NATIVE and those on virtual threads are not
   * mixed: a virtual thread that resumes a native one keeps its carrier, and where they resume each
   * other in turns, soon all carriers are kept.
   */
  static Engine other(Engine engine) {
    if (engine != Engine.PLATFORM_THREAD) {
      return Engine.PLATFORM_THREAD;
    }
    return Engine.NATIVE.isAvailable() ? Engine.NATIVE : Engine.VIRTUAL_THREAD;
  }
}
