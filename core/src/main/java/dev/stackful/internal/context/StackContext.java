package dev.stackful.internal.context;

import dev.stackful.internal.os.Futex;
import dev.stackful.internal.os.Signals;
import dev.stackful.internal.os.VirtualMemory;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The native half of one stack: its own context, the root context of whoever resumes it, and its
 * parking stack. Lives from {@link #allocate} to {@link #free}; the addresses stay mapped after
 * that, so a late signal finds memory.
 */
public final class StackContext {
  private static final int ESRCH = 3;
  private final ParkingSlab.Slot slot;

  private StackContext(ParkingSlab.Slot slot) {
    this.slot = slot;
  }

  /**
   * Makes the context for a thread that is about to {@link #park}.
   *
   * @param index what a switch out of it returns on the other stack
   */
  public static StackContext allocate(long index) {
    StackContext context = new StackContext(ParkingSlab.take());
    long[] fields = new long[2 * ContextLayout.SIZE_BYTES / Long.BYTES];
    fields[ContextLayout.INDEX / Long.BYTES] = index;
    fields[ContextLayout.FOLLOWER / Long.BYTES] = context.address();
    fields[ContextLayout.PARKING_TOP / Long.BYTES] = context.slot.parkingTop();
    fields[ContextLayout.WAIT_SET / Long.BYTES] =
        Signals.setOf(Signals.suspendResume(), Signals.NIO_WAKEUP);
    fields[ContextLayout.BLOCK_SET / Long.BYTES] = ~Signals.setOf(Signals.SETXID);
    VirtualMemory.write(context.address(), fields);
    return context;
  }

  /** The own context, for {@link ContextSwitch#switchContext}. */
  public long address() {
    return slot.context();
  }

  /** The root context: where a thread that isn't a coroutine waits for this stack. */
  public long rootAddress() {
    return slot.rootContext();
  }

  /**
   * Moves the thread that waits in one stack's root context to another's, for a switch to find it
   * there. By their addresses: the segments of the two contexts would be in other cache lines.
   */
  public static void moveRoot(long from, long to) {
    MemorySegment.copy(VirtualMemory.ALL, from, VirtualMemory.ALL, to, ContextLayout.ROOT_BYTES);
  }

  /**
   * Called by the stack's own thread: gives its stack away. Returns when somebody has switched to
   * it, or once {@link #wake} was called.
   */
  public void park() {
    ContextSwitch.park(slot.context());
  }

  /**
   * Waits until the stack's thread has left it, so that it may be switched to.
   *
   * @return false if the thread said {@link #cannotPark} instead, or has ended
   */
  public boolean awaitParked(Thread stackThread) {
    int parked;
    while ((parked = readAcquire(ContextLayout.PARKED)) == 0 && stackThread.isAlive()) {
      Futex.await(slot.context() + ContextLayout.PARKED, 0);
    }
    return parked == 1;
  }

  /**
   * {@return the stack pointer with which the stack was left last} What is below it was of no use
   * then.
   */
  public long stackPointer() {
    return VirtualMemory.longAt(slot.context() + ContextLayout.SP);
  }

  /** Called by the stack's thread where it fails before {@link #park}: ends the wait for it. */
  public void cannotPark() {
    VarHandle.releaseFence();
    VirtualMemory.writeInt(slot.context() + ContextLayout.PARKED, -1);
    Futex.wakeAll(slot.context() + ContextLayout.PARKED);
  }

  /**
   * Lets the parked kernel thread go on with the stack by itself. The caller must hold the claim on
   * the stack, and gives it up by this call.
   */
  public void wake() {
    int result = ContextSwitch.wake(slot.context());
    // ESRCH: a signal 33 let the thread see the flag before our signal came, and it has ended.
    if (result != 0 && result != -ESRCH) {
      throw new IllegalStateException("a parked kernel thread is gone: tgkill gave " + result);
    }
  }

  /**
   * Gives the slot back; called by the stack's own thread when it is back on its own stack. The
   * thread that woke it may have its signal still to send, which must not find another thread.
   */
  public void free() {
    boolean woken = readAcquire(ContextLayout.DONE) != 0;
    while (woken && readAcquire(ContextLayout.SIGNALLED) == 0) {
      Thread.onSpinWait();
    }
    ParkingSlab.give(slot);
  }

  /** Reads what machine code on another thread writes, and then what that thread wrote before. */
  private int readAcquire(int field) {
    int value = VirtualMemory.intAt(slot.context() + field);
    VarHandle.acquireFence();
    return value;
  }
}
