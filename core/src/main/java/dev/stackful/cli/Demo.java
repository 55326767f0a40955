package dev.stackful.cli;

import dev.stackful.Coroutine;
import java.io.PrintStream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The fibers of the book <em>Asynchronous Programming in Rust</em> (C. F. Samson, chapter 5, {@code
 * c-fibers}): two of them count, and yield after each number.
 */
final class Demo {
  private Demo() {}

  /** Who is ready to run, first in, first out. */
  private static final class RoundRobin {
    private final ArrayDeque<Coroutine<@Nullable Void, @Nullable Void>> ready = new ArrayDeque<>();

    void spawn(String name, Coroutine.Body<@Nullable Void, @Nullable Void> body) {
      ready.add(Coroutine.builder().name(name).build(body));
    }

    void run() {
      while (!ready.isEmpty()) {
        Coroutine<@Nullable Void, @Nullable Void> fiber = ready.remove();
        fiber.resume(null);
        if (!fiber.isDone()) {
          ready.add(fiber);
        }
      }
    }
  }

  static void run(PrintStream out) {
    RoundRobin runtime = new RoundRobin();
    spawnCounter(runtime, 1, 10, out);
    spawnCounter(runtime, 2, 15, out);
    runtime.run();
  }

  private static void spawnCounter(RoundRobin runtime, int id, int count, PrintStream out) {
    runtime.spawn(
        "fiber-" + id,
        (self, first) -> {
          out.println("THREAD " + id + " STARTING");
          for (int i = 0; i < count; i++) {
            out.println("thread: " + id + " counter: " + i);
            self.yield(null);
          }
          out.println("THREAD " + id + " FINISHED");
          return null;
        });
  }
}
