package dev.stackful.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run parts of a program while whoever asked for it waits. They live for many
 * programs, so that the library meets threads that it has met before.
 *
 * <p>All waiting is by semaphores, which keep an interrupt for later: a program sends interrupts
 * and looks at them.
 */
final class Workers {
  /** How many there are: the last is a virtual thread. */
  static final int COUNT = 3;

  private final List<Worker> workers = new ArrayList<>();

  Workers() {
    for (int i = 0; i < COUNT; i++) {
      workers.add(
          new Worker(
              i == COUNT - 1 ? Thread.ofVirtual() : Thread.ofPlatform().daemon(), "fuzz-w" + i));
    }
  }

  /** Whether a worker is running something. */
  boolean isBusy(int worker) {
    return workers.get(worker).task != null;
  }

  /**
   * Has a worker run something, and waits for its end, whatever interrupts come.
   *
   * @return what it returns; what it throws is thrown here
   */
  boolean call(int worker, Callable<Boolean> task) throws Exception {
    return workers.get(worker).call(task);
  }

  /** For the next program: as if the threads were new. */
  void reset() {
    workers.forEach(worker -> worker.fresh = true);
  }

  /** Ends the threads that are idle, or once they are. */
  void close() {
    workers.forEach(worker -> worker.given.release());
  }

  private static final class Worker {
    private final Semaphore given = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);
    private boolean fresh;
    private @Nullable Callable<Boolean> task;
    private boolean result;
    private @Nullable Throwable thrown;

    Worker(Thread.Builder builder, String name) {
      builder.name(name).start(this::work);
    }

    private void work() {
      while (true) {
        given.acquireUninterruptibly();
        if (fresh) {
          fresh = false;
          Thread.interrupted();
        }
        Callable<Boolean> taken = task;
        if (taken == null) {
          return; // closed
        }
        try {
          result = taken.call();
        } catch (Throwable t) {
          thrown = t;
        }
        done.release();
      }
    }

    private boolean call(Callable<Boolean> given) throws Exception {
      task = given;
      thrown = null;
      this.given.release();
      done.acquireUninterruptibly();
      task = null;
      if (thrown != null) {
        throw Planned.thrown(thrown);
      }
      return result;
    }
  }
}
