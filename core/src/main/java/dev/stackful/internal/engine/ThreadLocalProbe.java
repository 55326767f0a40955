package dev.stackful.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * Tries, on two threads that nobody else needs, whether thread-locals are shared and erased. It
 * comes by each call of a handle, which the JVM links the first time: that needs memory.
 */
final class ThreadLocalProbe implements Runnable {
  private static final ThreadLocal<@Nullable String> PLAIN = new ThreadLocal<>();
  private static final ThreadLocal<@Nullable String> INHERITABLE = new InheritableThreadLocal<>();

  private @Nullable String finding = "the probe did not come to its end";

  private ThreadLocalProbe() {}

  /**
   * Runs it.
   *
   * @throws IllegalStateException if something is not as it must be
   */
  static void tryOut() {
    ThreadLocalProbe probe = new ThreadLocalProbe();
    LibraryThreads.runToEnd(LibraryThreads.daemon("stackful-thread-locals", probe));
    if (probe.finding != null) {
      throw new IllegalStateException(probe.finding);
    }
  }

  @Override
  public void run() {
    try {
      finding = tryShare();
      if (finding == null) {
        finding = tryErase();
      }
    } catch (RuntimeException | Error e) {
      finding = "thread-locals could not be tried: " + e;
    }
  }

  private static @Nullable String tryShare() {
    PLAIN.set("ours");
    INHERITABLE.set("ours");
    Sharer sharer = new Sharer();
    Thread other = LibraryThreads.daemon("stackful-thread-locals", sharer);
    ThreadLocalMaps.share(Thread.currentThread(), other);
    LibraryThreads.runToEnd(other);
    if (!"ours".equals(sharer.plain) || !"ours".equals(sharer.inheritable)) {
      return "a thread did not see the thread-locals that it was given";
    }
    if (!"theirs".equals(PLAIN.get()) || !"theirs".equals(INHERITABLE.get())) {
      return "a thread did not share the thread-locals that it was given";
    }
    return null;
  }

  /** Looks at what it was given, and changes it. */
  private static final class Sharer implements Runnable {
    private @Nullable String plain;
    private @Nullable String inheritable;

    @Override
    public void run() {
      plain = PLAIN.get();
      inheritable = INHERITABLE.get();
      PLAIN.set("theirs");
      INHERITABLE.set("theirs");
    }
  }

  private static @Nullable String tryErase() {
    ThreadLocalMaps.erase(Thread.currentThread());
    return PLAIN.get() == null && INHERITABLE.get() == null
        ? null
        : "thread-locals that were erased are still there";
  }
}
