package dev.stackful.internal.foreign;

import dev.stackful.internal.os.MappingBudget;
import dev.stackful.internal.os.OperatingSystem;
import dev.stackful.internal.os.ResourceLimits;
import dev.stackful.internal.os.SpinLock;
import dev.stackful.internal.os.SystemCallException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of foreign coroutines of one size.
 *
 * <p>They are carved out of slabs, each one mapping, with a guard below each stack. Where the
 * kernel can mark guards inside a mapping (Linux 6.13), adjacent slabs become one mapping, and
 * memory is the only limit. Elsewhere a guard splits the mapping: two for each stack, of the 65,530
 * that a process may have by default.
 *
 * <pre>
 *   | guard | stack 0      | guard | stack 1      | guard | ...
 *             ^ limit   top ^
 * </pre>
 *
 * <p>A guard is {@value #GUARD_BYTES} bytes: code that was compiled against stack clashes touches
 * its frame at least every 4 KiB on x86-64 and every 64 KiB on AArch64 (gcc,
 * -fstack-clash-protection), so that it can't step over one, however large the frame. It costs
 * addresses only.
 *
 * <p>The few stacks that were given back last stay as they are, to be taken next. The memory of all
 * others goes back to the system at once, and so does the address space of a slab that is free as a
 * whole, but for one, or for those that several threads have mapped at once.
 *
 * <p>Any call can end in an error. So the lists are made of the stacks and slabs themselves, and
 * nothing is called between two steps of a change: a list that an error left half changed would
 * give nothing any more, or map slab after slab.
 */
final class MappedStackPool {
  private static final OperatingSystem SYSTEM = OperatingSystem.require();

  /** What a guard takes: whole pages with every page size. */
  static final long GUARD_BYTES = 64 * 1024;

  private static final long SLAB_BYTES = 16 * 1024 * 1024;
  private static final int MOST_STACKS_PER_SLAB = 64;

  /** What warm stacks of one size may hold. */
  private static final long WARM_BYTES = 16 * 1024 * 1024;

  private static final int MOST_WARM = 64;

  private static final int MAPPINGS_PER_STACK = 2;

  /** Reading the mappings takes milliseconds at 60,000 of them, so not for every slab. */
  private static final int CHECK_EVERY_STACKS = 512;

  private static final MappingBudget MAPPINGS =
      new MappingBudget(CHECK_EVERY_STACKS, MAPPINGS_PER_STACK);

  /** Beyond a signal's frame: what HotSpot's handlers and a few C frames need. */
  private static final long HANDLER_BYTES = 16 * 1024;

  private static final Map<Long, MappedStackPool> POOLS = new ConcurrentHashMap<>();

  private final long stackBytes;
  private final int stacksPerSlab;
  private final int mostWarm;

  /** Guards all below. */
  private final SpinLock lock = new SpinLock();

  private @Nullable MappedStack warm;
  private int warmCount;

  /** Stands before the first of the slabs that have cold stacks, and behind the last. */
  private final Slab ring = new Slab(this, MemorySegment.NULL);

  /** How many of them serve nobody. */
  private int emptySlabs;

  /** A mapping with stacks in it. */
  static final class Slab {
    private final MappedStackPool pool;
    private final MemorySegment memory;

    /** Of its stacks that hold no memory and serve nobody, the one that was given back last. */
    private @Nullable MappedStack cold;

    private int coldCount;
    private Slab previous = this;
    private Slab next = this;

    Slab(MappedStackPool pool, MemorySegment memory) {
      this.pool = pool;
      this.memory = memory;
    }

    MappedStackPool pool() {
      return pool;
    }
  }

  private MappedStackPool(long stackBytes) {
    this.stackBytes = stackBytes;
    this.stacksPerSlab =
        Math.clamp(SLAB_BYTES / (stackBytes + GUARD_BYTES), 1, MOST_STACKS_PER_SLAB);
    this.mostWarm = Math.clamp(WARM_BYTES / stackBytes, 1, MOST_WARM);
  }

  /** The least size of a stack, in bytes: a signal may come at any time, and has to fit in. */
  static long leastBytes() {
    return SYSTEM.roundUpToPages(SYSTEM.minimumSignalStackBytes() + HANDLER_BYTES);
  }

  /**
   * Takes a stack. Its memory may hold what another coroutine left.
   *
   * @param sizeBytes rounded up to whole pages
   * @throws StackMemoryException if there is no memory or mapping left
   */
  static MappedStack take(long sizeBytes) {
    long rounded = SYSTEM.roundUpToPages(sizeBytes);
    return POOLS.computeIfAbsent(rounded, MappedStackPool::new).take();
  }

  private MappedStack take() {
    while (true) {
      lock.lock();
      try {
        MappedStack stack = warm;
        if (stack != null) {
          warm = stack.below;
          warmCount--;
          return stack;
        }
        Slab slab = ring.next;
        stack = slab.cold;
        if (stack != null) {
          if (stack.below == null) {
            unlink(slab);
          }
          if (slab.coldCount == stacksPerSlab) {
            emptySlabs--;
          }
          slab.cold = stack.below;
          slab.coldCount--;
          return stack;
        }
      } finally {
        lock.held = SpinLock.FREE;
      }
      mapSlab(); // by several threads at once, perhaps: what one maps too many isn't touched yet
    }
  }

  void give(MappedStack stack) {
    lock.lock();
    try {
      if (warmCount < mostWarm) {
        stack.below = warm;
        warm = stack;
        warmCount++;
        return;
      }
    } finally {
      lock.held = SpinLock.FREE;
    }
    try {
      SYSTEM.discard(stack.memory());
    } catch (SystemCallException _) {
      // Memory that is locked (mlockall) stays where it is, and the stack is as good as any.
    }
    giveCold(stack);
  }

  private void giveCold(MappedStack stack) {
    Slab slab = stack.slab();
    boolean empty;
    boolean unmap;
    lock.lock();
    try {
      empty = slab.coldCount + 1 == stacksPerSlab;
      unmap = empty && emptySlabs > 0;
      if (unmap) {
        unlink(slab);
      } else if (slab.cold == null) {
        link(slab);
      }
      if (empty && !unmap) {
        emptySlabs++;
      }
      stack.below = slab.cold;
      slab.cold = stack;
      slab.coldCount++;
    } finally {
      lock.held = SpinLock.FREE;
    }
    if (unmap) {
      unmap(slab);
    }
  }

  private void unmap(Slab slab) {
    try {
      SYSTEM.unmap(slab.memory);
    } catch (SystemCallException _) {
      // A hole in a larger mapping takes one more, and there is none left: the slab is kept for
      // later.
      addEmpty(slab);
    }
  }

  private void addEmpty(Slab slab) {
    lock.lock();
    try {
      link(slab);
      emptySlabs++;
    } finally {
      lock.held = SpinLock.FREE;
    }
  }

  /** Puts a slab behind the last. */
  private void link(Slab slab) {
    slab.previous = ring.previous;
    slab.next = ring;
    ring.previous.next = slab;
    ring.previous = slab;
  }

  /** Takes a slab out, or does nothing if it isn't there. */
  private static void unlink(Slab slab) {
    slab.previous.next = slab.next;
    slab.next.previous = slab.previous;
    slab.previous = slab;
    slab.next = slab;
  }

  private void mapSlab() {
    boolean freeGuards = SYSTEM.guardsWithoutMappings();
    if (!freeGuards) {
      checkMappings();
    }
    long stride = GUARD_BYTES + stackBytes;
    try {
      MemorySegment memory = SYSTEM.map(stacksPerSlab * stride);
      Slab slab = new Slab(this, memory);
      boolean kept = false;
      try {
        for (int i = 0; i < stacksPerSlab; i++) {
          MemorySegment guard = memory.asSlice(i * stride, GUARD_BYTES);
          if (freeGuards && !SYSTEM.tryMakeGuardWithoutMapping(guard)) {
            freeGuards = false; // as with memory that is locked when it is mapped (mlockall)
            checkMappings();
          }
          if (!freeGuards) {
            SYSTEM.makeGuard(guard);
          }
          MappedStack stack =
              new MappedStack(slab, memory.asSlice(i * stride + GUARD_BYTES, stackBytes));
          stack.below = slab.cold;
          slab.cold = stack;
          slab.coldCount++;
        }
        addEmpty(slab);
        kept = true;
      } finally {
        if (!kept) {
          SYSTEM.unmap(memory);
        }
      }
    } catch (SystemCallException e) {
      throw new StackMemoryException(
          "no more stacks of "
              + stackBytes
              + " bytes: "
              + e.getMessage()
              + ". Its limits: ulimit -v"
              + ResourceLimits.maxMapCount().stream()
                  .mapToObj(limit -> ", vm.max_map_count = " + limit)
                  .collect(Collectors.joining())
              + ". Close foreign coroutines, or take smaller stacks",
          e);
    }
  }

  private void checkMappings() {
    Optional<String> refusal = MAPPINGS.refusal(stacksPerSlab);
    if (refusal.isPresent()) {
      throw new StackMemoryException(
          refusal.get()
              + " On this kernel the guard of a stack takes a mapping; since Linux 6.13 it doesn't."
              + " Raise the limit (sysctl vm.max_map_count), or close foreign coroutines",
          null);
    }
  }
}
