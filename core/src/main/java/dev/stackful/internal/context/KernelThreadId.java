package dev.stackful.internal.context;

import dev.stackful.internal.frame.MappedRoutines;
import dev.stackful.internal.os.Downcall;
import dev.stackful.internal.os.ThreadDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * Whether routines that read the kernel thread's id out of the thread's descriptor read what the
 * kernel says: on some threads of their own, before anybody relies on it.
 */
final class KernelThreadId {
  /** Enough to tell an id from a constant, or from something that stands near it. */
  private static final int THREADS = 3;

  private KernelThreadId() {}

  static boolean isRight(MappedRoutines routines) {
    MethodHandle read = routines.link(Routines.KERNEL_THREAD_ID, Downcall.TWO_LONGS);
    Comparison[] comparisons = new Comparison[THREADS];
    for (int i = 0; i < THREADS; i++) {
      comparisons[i] = new Comparison(read);
      comparisons[i].thread.start();
    }
    boolean right = true;
    for (Comparison comparison : comparisons) {
      join(comparison.thread);
      right &= comparison.right;
    }
    return right;
  }

  /** What one thread finds. */
  private static final class Comparison implements Runnable {
    private final MethodHandle read;
    private final Thread thread =
        Thread.ofPlatform()
            .inheritInheritableThreadLocals(false) // what they call is anybody's code
            .daemon()
            .name("stackful-thread-id")
            .unstarted(this);
    private boolean right;

    Comparison(MethodHandle read) {
      this.read = read;
    }

    @Override
    public void run() {
      right = read(read) == ThreadDescriptor.askForKernelThreadId();
    }
  }

  private static int read(MethodHandle read) {
    try {
      return (int) (long) read.invokeExact(0L, 0L);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
