package dev.stackful.internal.os;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Guards a few list operations and system calls that never block.
 *
 * <p>It spins, where a monitor could be a deadlock: a monitor is handed on to the thread that waits
 * first. That may be a virtual thread without a carrier, while every carrier runs a coroutine that
 * waits behind it.
 *
 * <p>It is released by {@code lock.held = FREE}: a plain store needs no stack, where a method that
 * overflows it would leave the lock held for ever.
 */
public final class SpinLock {
  /** No thread holds the lock. */
  public static final int FREE = 0;

  private static final int HELD = 1;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** {@link #FREE}, or something else while a thread holds it. */
  public volatile int held = FREE;

  /** Takes it. Nothing may block before it is free again. */
  @SuppressWarnings("ThreadPriorityCheck") // lets the holder run, where there is one processor
  public void lock() {
    while (held != FREE || !STATE.compareAndSet(this, FREE, HELD)) {
      Thread.yield();
    }
  }
}
