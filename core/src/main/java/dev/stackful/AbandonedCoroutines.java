package dev.stackful;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * Finds suspended coroutines that nobody can resume any more, and unwinds them.
 *
 * <p>A suspended coroutine's stack is a root of the garbage collector's, and holds the {@link
 * CoroutineCore}; so the core would live for ever, and with it whatever its body's {@code finally}
 * blocks should release. The {@link Coroutine} that the user holds is another object, which nothing
 * of ours on that stack refers to but weakly. When it goes, a reaper thread closes the core.
 */
final class AbandonedCoroutines {
  private static final ReferenceQueue<Coroutine<?, ?>> QUEUE = new ReferenceQueue<>();

  static {
    Thread.ofPlatform().daemon().name("stackful-reaper").start(AbandonedCoroutines::reap);
  }

  private AbandonedCoroutines() {}

  /** The core's weak hold on its coroutine. The core holds it, so it lives as long as the stack. */
  static final class Handle extends WeakReference<Coroutine<?, ?>> {
    private final CoroutineCore<?, ?> core;

    Handle(Coroutine<?, ?> coroutine, CoroutineCore<?, ?> core) {
      super(coroutine, QUEUE);
      this.core = core;
    }
  }

  private static void reap() {
    while (true) {
      try {
        Handle handle = (Handle) QUEUE.remove();
        handle.core.unwindAbandoned();
      } catch (InterruptedException e) {
        // nobody has a reason to interrupt the reaper: go on
      } catch (Throwable t) {
        System.getLogger("dev.stackful")
            .log(System.Logger.Level.WARNING, "an abandoned coroutine threw while it unwound", t);
      }
    }
  }
}
