package dev.stackful.internal.context;

import dev.stackful.internal.os.OperatingSystem;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The small stacks on which kernel threads sleep while others run their own, and the contexts that
 * go with them.
 *
 * <p>A parked kernel thread pushes nothing. Its stack is there for glibc's signal 33, the only one
 * that stays unblocked: the kernel's signal frame with all vector registers, and a handler of a few
 * hundred bytes. Stacks lie side by side in slabs, to spare mappings: where the kernel can mark
 * guard pages inside a mapping (Linux 6.13) each stack has one below; elsewhere the slab has one
 * below its lowest stack. Only pages that were touched are resident: none, until a signal 33.
 */
final class ParkingSlab {
  private static final OperatingSystem SYSTEM = OperatingSystem.require();

  /** Beyond what the kernel says that a signal frame needs. */
  private static final long HANDLER_BYTES = 8 * 1024;

  /**
   * How many the next slab is for. Each guard page takes a system call, and most programs never
   * have more stacks than a few; so the first slab is small, and each has twice as many as the one
   * before, up to the most. Racy: a slab too many of one size does no harm.
   */
  private static volatile int stacksOfNextSlab = 8;

  private static final int MOST_STACKS_OF_A_SLAB = 256;
  private static final long PAGE_BYTES = SYSTEM.pageSizeBytes();
  private static final long STACK_BYTES =
      SYSTEM.roundUpToPages(SYSTEM.minimumSignalStackBytes() + HANDLER_BYTES);

  /** Own context and root context. */
  private static final long CONTEXTS_BYTES = 2L * ContextLayout.SIZE_BYTES;

  /**
   * Lock-free: the thread that takes a slot may be a virtual one, and the one that waits for it a
   * coroutine on the same carrier.
   */
  private static final ConcurrentLinkedQueue<Slot> FREE = new ConcurrentLinkedQueue<>();

  private ParkingSlab() {}

  /**
   * A place for one stack's contexts and its parking stack.
   *
   * @param context address of the own context, aligned to a cache line; the root context follows
   * @param parkingTop the parking stack's highest address, 16-byte aligned
   */
  record Slot(long context, long parkingTop) {
    long rootContext() {
      return context + ContextLayout.SIZE_BYTES;
    }
  }

  /** Takes a slot that is free. */
  static Slot take() {
    Slot slot;
    while ((slot = FREE.poll()) == null) {
      mapSlab(); // by several threads at once, perhaps: what one maps too many isn't touched yet
    }
    return slot;
  }

  /** Gives a slot back. No kernel thread may be standing on its stack. */
  static void give(Slot slot) {
    FREE.add(slot);
  }

  private static void mapSlab() {
    int count = stacksOfNextSlab;
    stacksOfNextSlab = Math.min(2 * count, MOST_STACKS_OF_A_SLAB);
    MemorySegment contexts = SYSTEM.map(SYSTEM.roundUpToPages(count * CONTEXTS_BYTES));
    long stride = PAGE_BYTES + STACK_BYTES;
    MemorySegment stacks = SYSTEM.map(count * stride);
    boolean guardEach =
        SYSTEM.guardsWithoutMappings()
            && SYSTEM.tryMakeGuardWithoutMapping(stacks.asSlice(0, PAGE_BYTES));
    if (!guardEach) {
      SYSTEM.makeGuard(stacks.asSlice(0, PAGE_BYTES));
    }
    for (int i = 0; i < count; i++) {
      if (guardEach && i > 0) {
        SYSTEM.tryMakeGuardWithoutMapping(stacks.asSlice(i * stride, PAGE_BYTES));
      }
      FREE.add(
          new Slot(contexts.address() + i * CONTEXTS_BYTES, stacks.address() + (i + 1) * stride));
    }
  }
}
