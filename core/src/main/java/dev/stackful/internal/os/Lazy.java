package dev.stackful.internal.os;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made at the first call which gets through. If making it fails, at a limit of
 * threads say or in a stack overflow, the next call tries again; a class whose static initializer
 * failed would stay failed.
 *
 * <p>One thread makes it while others wait. They wait without a monitor, which could be a deadlock:
 * a monitor is handed on to the thread that waits first. That may be a virtual thread without a
 * carrier, while every carrier runs a coroutine that waits behind it.
 */
public abstract class Lazy<T> {
  private static final long WAIT_NANOS = 100_000;
  private static final VarHandle MAKING;

  static {
    try {
      MAKING = MethodHandles.lookup().findVarHandle(Lazy.class, "making", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable T value;
  private volatile boolean making;

  /** For a subclass, which says how to make it. A lambda would need more stack to be linked. */
  protected Lazy() {}

  /** Makes the value. It must not ask for it, nor wait for a thread that does. */
  protected abstract T make();

  /** The value. What {@link #make} throws comes out, and nothing has changed. */
  public final T get() {
    T known = value;
    return known != null ? known : makeOnce();
  }

  private T makeOnce() {
    boolean interrupted = false;
    try {
      while (making || !MAKING.compareAndSet(this, false, true)) {
        // An interrupted thread would not park, and virtual ones that merely yield can keep all
        // carriers among themselves, while the one that makes the value waits for a carrier.
        interrupted |= Thread.interrupted();
        LockSupport.parkNanos(this, WAIT_NANOS);
      }
      try {
        T known = value;
        if (known == null) {
          known = make();
          value = known;
        }
        return known;
      } finally {
        making = false; // without a call, which could fail
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
