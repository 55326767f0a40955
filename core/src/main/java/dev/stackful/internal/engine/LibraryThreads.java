package dev.stackful.internal.engine;

import java.time.Duration;

/**
 * Starts the library's own threads. They outlive whoever happened to need them first, so they take
 * nothing from it: no inheritable thread-locals, no context class loader, no thread group.
 */
public final class LibraryThreads {
  private static final ThreadGroup GROUP = new ThreadGroup(root(), "stackful");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private LibraryThreads() {}

  private static ThreadGroup root() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /** The group of all of the library's threads, right below the system's. */
  static ThreadGroup group() {
    return GROUP;
  }

  /** A daemon thread, not yet started. */
  public static Thread daemon(String name, Runnable task) {
    return Thread.ofPlatform()
        .group(GROUP)
        .inheritInheritableThreadLocals(false)
        .daemon()
        .name(name)
        .unstarted(task);
  }

  /**
   * Starts a thread and waits for its end, whether interrupted or not.
   *
   * @throws IllegalStateException if it takes longer than such a thread can need
   */
  static void runToEnd(Thread thread) {
    thread.start();
    boolean interrupted = false;
    boolean ended = false;
    try {
      long start = System.nanoTime();
      while (!ended && System.nanoTime() - start < PATIENCE.toNanos()) {
        try {
          ended = thread.join(PATIENCE);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (!ended) {
      throw new IllegalStateException("the thread " + thread.getName() + " hangs");
    }
  }
}
