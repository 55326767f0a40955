package dev.stackful.cli;

import dev.stackful.Engine;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fibers of the book <em>Asynchronous Programming in Rust</em> (C. F. Samson, chapter 5, {@code
 * c-fibers}): two of them count, and yield after each number.
 */
final class Demo {
  private Demo() {}

  /** Long enough to see which stack runs, and six seconds for all of it. */
  private static final Duration PACE = Duration.ofMillis(200);

  static void run(List<String> arguments, PrintStream out) throws UsageException, CommandException {
    boolean watch = false;
    String file = null;
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      if (argument.equals("--watch") && !watch) {
        watch = true;
      } else if (argument.equals("--trace") && file == null && rest.hasNext()) {
        file = rest.next();
      } else {
        throw new UsageException("demo takes --watch, --trace FILE or nothing, got " + arguments);
      }
    }
    checkEngine();
    DemoScreen screen =
        watch && DemoScreen.canDrawOn(out, System.getenv()) ? new DemoScreen(out, 2, PACE) : null;
    if (file == null) {
      run(FiberRuntime.builder(), out, screen);
      return;
    }
    try (BufferedWriter trace = Files.newBufferedWriter(Path.of(file))) {
      run(FiberRuntime.builder().trace(trace), out, screen);
    } catch (UncheckedIOException e) {
      throw new CommandException("cannot write the trace to " + file + ": " + reason(e.getCause()));
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
  static void run(FiberRuntime.Builder builder, PrintStream out, @Nullable DemoScreen screen) {
    try (FiberRuntime runtime = builder.name("demo").clock(FiberClock.virtual()).build()) {
      runtime.launch(() -> count(1, 10, out, screen));
      runtime.launch(() -> count(2, 15, out, screen));
      runtime.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (screen != null) {
      screen.close();
    }
  }

  private static void count(int id, int count, PrintStream out, @Nullable DemoScreen screen) {
    print(id, "THREAD " + id + " STARTING", out, screen);
    for (int i = 0; i < count; i++) {
      print(id, "thread: " + id + " counter: " + i, out, screen);
      Fiber.yieldNow();
    }
    print(id, "THREAD " + id + " FINISHED", out, screen);
    if (screen != null) {
      screen.ended(id);
    }
  }

  private static void print(int id, String line, PrintStream out, @Nullable DemoScreen screen) {
    if (screen == null) {
      out.println(line);
    } else {
      screen.line(id, line);
    }
  }
}
