package dev.stackful.fuzz;

import dev.stackful.Coroutine.State;
import org.jspecify.annotations.Nullable;

/** A coroutine of the model. What happens to it, {@link CoroutineMachine} knows. */
final class ModelCoroutine {
  final String name;
  final boolean otherEngine;
  final ModelThread thread;

  /** Runs its body: pushes the first frame. */
  final Runnable body;

  State state = State.NEW;

  /** Who resumed it, or the one that transferred to it, and so on. */
  @Nullable ModelThread resumer;

  /** How often it was unwound, while it is being closed. */
  int unwinds;

  /** Whether its body has begun, and has what may leak of it. */
  boolean started;

  ModelCoroutine(String name, boolean otherEngine, Body body) {
    this.name = name;
    this.otherEngine = otherEngine;
    this.thread = ModelThread.of(this);
    this.body = () -> body.begin(this);
  }

  /** How a body begins. */
  interface Body {
    void begin(ModelCoroutine coroutine);
  }
}
