package dev.stackful.internal.foreign;

import dev.stackful.internal.os.MappingBudget;
import dev.stackful.internal.os.OperatingSystem;
import dev.stackful.internal.os.ResourceLimits;
import dev.stackful.internal.os.SpinLock;
import dev.stackful.internal.os.SystemCallException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

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
 * whole, but for one.
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

  private final ArrayDeque<MappedStack> warm = new ArrayDeque<>();
  private final LinkedHashSet<Slab> slabsWithColdStacks = new LinkedHashSet<>();
  private int emptySlabs;

  /** A mapping with stacks in it. */
  static final class Slab {
    private final MappedStackPool pool;
    private final MemorySegment memory;

    /** Its stacks that hold no memory and serve nobody. */
    private final ArrayDeque<MappedStack> cold = new ArrayDeque<>();

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
        MappedStack stack = warm.poll();
        if (stack != null) {
          return stack;
        }
        if (!slabsWithColdStacks.isEmpty()) {
          return takeCold(slabsWithColdStacks.getFirst());
        }
      } finally {
        lock.held = SpinLock.FREE;
      }
      mapSlab(); // by several threads at once, perhaps: what one maps too many isn't touched yet
    }
  }

  private MappedStack takeCold(Slab slab) {
    if (slab.cold.size() == stacksPerSlab) {
      emptySlabs--;
    }
    MappedStack stack = slab.cold.pop();
    if (slab.cold.isEmpty()) {
      slabsWithColdStacks.remove(slab);
    }
    return stack;
  }

  void give(MappedStack stack) {
    lock.lock();
    try {
      if (warm.size() < mostWarm) {
        warm.push(stack);
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
    giveCold(List.of(stack));
  }

  private void giveCold(List<MappedStack> stacks) {
    Slab slab = stacks.getFirst().slab();
    boolean unmap = false;
    lock.lock();
    try {
      stacks.forEach(slab.cold::push);
      slabsWithColdStacks.add(slab);
      if (slab.cold.size() == stacksPerSlab) {
        if (emptySlabs == 0) {
          emptySlabs = 1;
        } else {
          slabsWithColdStacks.remove(slab);
          unmap = true;
        }
      }
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
      lock.lock();
      try {
        slabsWithColdStacks.add(slab);
        emptySlabs++;
      } finally {
        lock.held = SpinLock.FREE;
      }
    }
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
      List<MappedStack> stacks = new ArrayList<>();
      boolean guarded = false;
      try {
        for (int i = 0; i < stacksPerSlab; i++) {
          MemorySegment guard = memory.asSlice(i * stride, GUARD_BYTES);
          if (!freeGuards) {
            SYSTEM.makeGuard(guard);
          } else if (!SYSTEM.tryMakeGuardWithoutMapping(guard)) {
            throw new StackMemoryException("no memory for the guard of a stack", null);
          }
          stacks.add(new MappedStack(slab, memory.asSlice(i * stride + GUARD_BYTES, stackBytes)));
        }
        guarded = true;
      } finally {
        if (!guarded) {
          SYSTEM.unmap(memory);
        }
      }
      giveCold(stacks);
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
