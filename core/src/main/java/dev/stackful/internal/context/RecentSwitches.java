package dev.stackful.internal.context;

import dev.stackful.internal.os.OperatingSystem;
import dev.stackful.internal.os.VirtualMemory;

/**
 * Where each kernel thread notes which stack it has switched to last, for the switch to learn who
 * follows whom. Kernel threads whose ids have the same lowest bits share a place, and the switch
 * learns nonsense then: what it learns decides only what it has the processor load ahead of need.
 */
final class RecentSwitches {
  /** A place for each value of so many lowest bits of an id. */
  static final int ID_BITS = 6;

  /** A cache line each, as several processors write to them at once. */
  static final int PLACE_BITS = 6;

  /** What is prefetched of a stack, from its stack pointer on: what a resume needs first. */
  static final int STACK_LINES = 8;

  static final int LINE_BYTES = 64;

  /**
   * How far below its stack pointer compiled code writes a word wherever it enters a method, to see
   * that there is room: a page that holds nothing else (HotSpot's StackShadowPages, twenty of 4
   * KiB; MacroAssembler::generate_stack_overflow_check).
   */
  static final int BANG_BYTES = 20 * 4096;

  /** Which lines there the first methods write that a resumed stack enters. */
  static final int[] BANG_LINES = {1, 2, 3};

  /**
   * Where in a JavaThread lies what HotSpot reads and writes when a thread comes back from native
   * code, and the code after that: the poll of safepoints, the collector's marking flag, the
   * current thread's handle, the anchor of the last Java frame, the state, the state of the guard
   * pages (sharedRuntime_x86_64.cpp, downcallLinker_x86_64.cpp). The fields, not the lines that
   * they are in, as a JavaThread isn't aligned to lines. By the builds of JDK 25; where another has
   * them elsewhere, the wrong lines are loaded, which does no harm.
   */
  static final int[] JAVA_THREAD_FIELDS = {0x28, 0x48, 0x468, 0x490, 0x528, 0x5a8};

  private RecentSwitches() {}

  /**
   * Maps the places, for good.
   *
   * @return their address
   */
  static long map() {
    long size = 1L << ID_BITS + PLACE_BITS;
    OperatingSystem system = OperatingSystem.require();
    long places = system.map(system.roundUpToPages(size)).address();
    for (long place = places; place < places + size; place += 1L << PLACE_BITS) {
      // Its own address stands for a context that nobody uses: it has room for a follower.
      VirtualMemory.write(place, place);
    }
    return places;
  }
}
