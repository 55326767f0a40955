package dev.stackful.observers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Looks at a JVM from its start to its end, or at several of them, one after the other, and counts
 * what it saw.
 */
public interface Observer {
  /** Why it can't be had here. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /**
   * The flags of the JVM that it looks at.
   *
   * @param folder where both may leave files, as long as the JVM runs
   */
  default List<String> flags(Path folder) throws Exception {
    return List.of();
  }

  /**
   * Looks from outside until the JVM ends, on a thread of its own, which is interrupted where the
   * JVM hangs. What stops all of the JVM leaves it as much time to run: {@link #pause}.
   *
   * @param process the JVM, whose output goes to {@code output.txt} in the folder
   */
  default void watch(Process process, Path folder) throws Exception {}

  /** Waits for twice as long as it has taken since a time of {@link System#nanoTime}. */
  static void pause(long since) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(2 * (System.nanoTime() - since));
  }

  /** Counts what the JVM has left in the folder. It has ended. */
  default void collect(Path folder) throws Exception {}

  /** All that it saw, in numbers. */
  String seen();

  /** Whether it saw at least one of each thing that it is there for. */
  boolean hasSeen();

  /** The same, and that bodies were among what it saw; where a program has some, that is. */
  default boolean hasSeenBodies() {
    return hasSeen();
  }
}
