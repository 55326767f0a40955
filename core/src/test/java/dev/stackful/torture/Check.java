package dev.stackful.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** What the programs check with: no JUnit, so that they run from any class path. */
final class Check {
  /** By how much this machine is slower than a real one; loops are shorter by that. */
  static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  /** False where the JVM itself does not bear virtual threads. */
  static final boolean VIRTUAL_THREADS =
      !"false".equals(System.getProperty("stackful.test.virtualThreads"));

  private static final Duration PATIENCE = Duration.ofSeconds(30).multipliedBy(SLOWNESS);

  private Check() {}

  /** A piece of a program. */
  @FunctionalInterface
  interface Scenario {
    void run() throws Exception;
  }

  /** Runs a scenario, and says which, so that the last line before a crash names it. */
  static void scenario(String name, Scenario scenario) throws Exception {
    long start = System.nanoTime();
    System.out.print(name + ": ");
    System.out.flush();
    scenario.run();
    System.out.printf("ok, %d ms%n", (System.nanoTime() - start) / 1_000_000);
  }

  static void that(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  static void equal(Object expected, Object actual, String what) {
    if (!Objects.equals(expected, actual)) {
      throw new AssertionError(what + ": expected " + expected + ", was " + actual);
    }
  }

  /** Runs what must throw, and returns what it threw. */
  static <X extends Throwable> X thrownBy(Class<X> type, Scenario scenario) {
    try {
      scenario.run();
    } catch (Throwable t) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
      throw new AssertionError("not a " + type.getName(), t);
    }
    throw new AssertionError("no " + type.getName());
  }

  /** Waits for a state that must come about. */
  static void await(String what, Callable<Boolean> holds) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.call()) {
      that(System.nanoTime() < deadline, "after " + PATIENCE + " still not: " + what);
      Thread.sleep(1);
    }
  }

  /** The kernel threads of this process. */
  static long kernelThreads() {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
