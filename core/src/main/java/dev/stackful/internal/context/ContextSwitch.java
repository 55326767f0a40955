package dev.stackful.internal.context;

import dev.stackful.internal.frame.MappedRoutines;
import dev.stackful.internal.os.Downcall;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.Signals;
import dev.stackful.internal.os.ThreadDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;

/**
 * The routines, emitted, mapped and linked for the processor that this JVM runs on.
 *
 * <p>The downcalls are ordinary ones, never {@code critical}: a thread that waits inside a switch
 * is then in native state with its last Java frame recorded, so that it neither holds up a
 * safepoint nor hides its frames from the collector. They take nothing but longs, and each handle
 * is a static final, so that the compiler turns a call into a direct one.
 */
public final class ContextSwitch {
  private static final MethodHandle SWITCH;
  private static final MethodHandle SWITCH_FROM_NEW_THREAD;
  private static final MethodHandle PARK;
  private static final MethodHandle WAKE;
  private static final MethodHandle THREAD_POINTER;
  private static final MethodHandle STACK_POINTER;

  static {
    OptionalInt place = ThreadDescriptor.offsetOfKernelThreadId();
    long recentSwitches = RecentSwitches.map();
    MappedRoutines routines = map(place, recentSwitches);
    if (place.isPresent() && !KernelThreadId.isRight(routines)) {
      routines = map(OptionalInt.empty(), recentSwitches);
    }
    SWITCH = routines.link(Routines.SWITCH, Downcall.TWO_LONGS);
    SWITCH_FROM_NEW_THREAD = routines.link(Routines.SWITCH_FROM_NEW_THREAD, Downcall.TWO_LONGS);
    PARK = routines.link(Routines.PARK, Downcall.TWO_LONGS);
    WAKE = routines.link(Routines.WAKE, Downcall.TWO_LONGS);
    THREAD_POINTER = routines.link(Routines.THREAD_POINTER, Downcall.TWO_LONGS);
    STACK_POINTER = routines.link(Routines.STACK_POINTER, Downcall.TWO_LONGS);
  }

  private ContextSwitch() {}

  private static MappedRoutines map(OptionalInt kernelThreadId, long recentSwitches) {
    return MappedRoutines.map(
        Routines.emit(Isa.require(), Signals.suspendResume(), kernelThreadId, recentSwitches));
  }

  /** Emits and links, now rather than on the thread of the first stack. */
  public static void initialize() {}

  /**
   * Stops the calling thread in its own context {@code from}, and goes on as the thread of {@code
   * to}. The caller must hold the claim on {@code to}.
   *
   * @return when another switch comes back here, the index of the stack that it left; 0 if that was
   *     no coroutine's
   */
  public static long switchContext(long from, long to) {
    try {
      return (long) SWITCH.invokeExact(from, to);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /**
   * The same for a thread that isn't a coroutine and was not the last to wait in this root context:
   * it also records the kernel thread.
   *
   * @return as {@link #switchContext}
   */
  public static long switchFromNewThread(long root, long to) {
    try {
      return (long) SWITCH_FROM_NEW_THREAD.invokeExact(root, to);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /**
   * Gives the calling thread's stack away: returns when somebody has switched to it, or, on its own
   * kernel thread, once it was woken.
   */
  static void park(long context) {
    try {
      var _ = (long) PARK.invokeExact(context, 0L);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /** Lets the kernel thread parked for {@code context} go on with its stack by itself. */
  static int wake(long context) {
    try {
      return (int) (long) WAKE.invokeExact(context, 0L);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /** The calling thread's thread pointer: the FS base, or TPIDR_EL0. */
  public static long threadPointer() {
    try {
      return (long) THREAD_POINTER.invokeExact(0L, 0L);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }

  /** Where the calling thread's stack ends now. Of a virtual thread, it is the carrier's stack. */
  public static long stackPointer() {
    try {
      return (long) STACK_POINTER.invokeExact(0L, 0L);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }
}
