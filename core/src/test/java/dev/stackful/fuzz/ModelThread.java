package dev.stackful.fuzz;

import org.jspecify.annotations.Nullable;

/** A thread of the model: the main one, a worker's block, or a coroutine's. */
final class ModelThread extends Strand {
  /** The coroutine whose thread this is. */
  final @Nullable ModelCoroutine identity;

  /** The coroutine whose routine this runs, be it in another thread; null for the main one. */
  final @Nullable ModelCoroutine self;

  /** Who waits for the end of this one, where it is a worker. */
  final @Nullable ModelThread waiting;

  /** A worker's number. */
  final int worker;

  /** What stays with the thread: a worker has it from block to block. */
  final Interrupt interrupt;

  /** How many monitors of its routine's own it holds. */
  int locks;

  /** The interrupt status. */
  static final class Interrupt {
    boolean set;
  }

  private ModelThread(
      String label,
      @Nullable ModelCoroutine identity,
      @Nullable ModelCoroutine self,
      @Nullable ModelThread waiting,
      int worker,
      Interrupt interrupt) {
    super(label, waiting == null ? null : waiting.caught());
    this.identity = identity;
    this.self = self;
    this.waiting = waiting;
    this.worker = worker;
    this.interrupt = interrupt;
  }

  static ModelThread main() {
    return new ModelThread("main", null, null, null, 0, new Interrupt());
  }

  static ModelThread of(ModelCoroutine coroutine) {
    return new ModelThread(coroutine.name, coroutine, coroutine, null, 0, new Interrupt());
  }

  /** A worker that runs a block for this one. */
  ModelThread worker(int number, Interrupt status) {
    return new ModelThread(label + "/w" + number, null, self, this, number, status);
  }
}
