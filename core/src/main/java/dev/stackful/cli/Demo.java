package dev.stackful.cli;

import dev.stackful.Engine;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The fibers of the book <em>Asynchronous Programming in Rust</em> (C. F. Samson, chapter 5, {@code
 * c-fibers}): two of them count, and yield after each number.
 */
final class Demo {
  private Demo() {}

  static void run(List<String> arguments, PrintStream out) throws UsageException, CommandException {
    if (!arguments.isEmpty()
        && (arguments.size() != 2 || !arguments.getFirst().equals("--trace"))) {
      throw new UsageException("demo takes --trace FILE or nothing, got " + arguments);
    }
    checkEngine();
    if (arguments.isEmpty()) {
      run(FiberRuntime.builder(), out);
      return;
    }
    String file = arguments.getLast();
    try (BufferedWriter trace = Files.newBufferedWriter(Path.of(file))) {
      run(FiberRuntime.builder().trace(trace), out);
    } catch (IOException | InvalidPathException e) {
      throw new CommandException("cannot write the trace to " + file + ": " + reason(e));
    }
  }

  private static void checkEngine() throws CommandException {
    try {
      Engine engine = Engine.preferred();
      if (!engine.isAvailable()) {
        throw new CommandException(
            "the engine %s is not available: %s".formatted(engine, engine.unavailableReason()));
      }
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage());
    }
  }

  /** Of a file's exception the message is often its name alone. */
  private static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such folder";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage();
    };
  }

  /**
   * With a virtual clock, which stands still here: the trace shows the order, a nanosecond a turn.
   */
  private static void run(FiberRuntime.Builder builder, PrintStream out) {
    try (FiberRuntime runtime = builder.name("demo").clock(FiberClock.virtual()).build()) {
      runtime.launch(() -> count(1, 10, out));
      runtime.launch(() -> count(2, 15, out));
      runtime.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void count(int id, int count, PrintStream out) {
    out.println("THREAD " + id + " STARTING");
    for (int i = 0; i < count; i++) {
      out.println("thread: " + id + " counter: " + i);
      Fiber.yieldNow();
    }
    out.println("THREAD " + id + " FINISHED");
  }
}
