package dev.stackful.internal.engine;

/**
 * Starts the library's own threads. They outlive whoever happened to need them first, so they take
 * nothing from it: no inheritable thread-locals, no context class loader, no thread group.
 */
public final class LibraryThreads {
  private static final ThreadGroup GROUP = new ThreadGroup(root(), "stackful");

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
}
