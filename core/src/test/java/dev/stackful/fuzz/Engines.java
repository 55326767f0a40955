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

  /** An engine that isn't the given one. */
  static Engine other(Engine engine) {
    List<Engine> all = available();
    return all.get((all.indexOf(engine) + 1) % all.size());
  }
}
