package dev.stackful.internal.context;

import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.os.Isa;
import java.util.List;
import java.util.OptionalInt;

/** The routines by name, for either instruction set, whatever this JVM runs on. */
public final class Routines {
  static final String SWITCH = "switch";
  static final String SWITCH_FROM_NEW_THREAD = "switchFromNewThread";
  static final String PARK = "park";
  static final String WAKE = "wake";
  static final String THREAD_POINTER = "threadPointer";
  static final String KERNEL_THREAD_ID = "kernelThreadId";
  static final String STACK_POINTER = "stackPointer";

  /** The routines' names, in the order of the code. */
  public static final List<String> NAMES =
      List.of(
          SWITCH,
          SWITCH_FROM_NEW_THREAD,
          PARK,
          WAKE,
          THREAD_POINTER,
          KERNEL_THREAD_ID,
          STACK_POINTER);

  private Routines() {}

  /**
   * Emits the routines of one instruction set.
   *
   * @param suspendResume HotSpot's suspend/resume signal
   * @param kernelThreadId where the kernel thread's id stands, from the thread pointer; empty: the
   *     kernel is asked for it
   * @param recentSwitches where kernel threads note whom they switched to, {@link RecentSwitches}
   */
  public static Listing emit(
      Isa isa, int suspendResume, OptionalInt kernelThreadId, long recentSwitches) {
    return switch (isa) {
      case AMD64 -> Amd64Routines.emit(suspendResume, kernelThreadId, recentSwitches);
      case AARCH64 -> Aarch64Routines.emit(suspendResume, kernelThreadId, recentSwitches);
    };
  }
}
