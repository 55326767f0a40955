package dev.stackful.internal.os;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Says when a process is about to run out of mappings. At the very limit the JVM's own mmap would
 * fail, and HotSpot ends the process when the collector or the compiler can't map; so stacks are
 * refused before that.
 */
public final class MappingBudget {
  /** Mappings left for the JVM itself. */
  private static final long MAPPINGS_FOR_THE_JVM = 4096;

  private final int checkEvery;
  private final long mappingsPerStack;

  /** An atomic, not a lock: that could be handed on to a virtual thread without a carrier. */
  private final AtomicInteger untilCheck = new AtomicInteger();

  /**
   * A budget for one kind of stack.
   *
   * @param checkEvery reading the mappings takes milliseconds at 60,000 of them, so it is done only
   *     for every so many stacks
   * @param mappingsPerStack how many mappings one stack takes
   */
  public MappingBudget(int checkEvery, long mappingsPerStack) {
    this.checkEvery = checkEvery;
    this.mappingsPerStack = mappingsPerStack;
  }

  /**
   * Counts stacks that are about to be made.
   *
   * @return if there must be no more, why, as a sentence
   */
  public Optional<String> refusal(int stacks) {
    if (untilCheck.getAndAdd(-stacks) > 0) {
      return Optional.empty();
    }
    OptionalLong limit = ResourceLimits.maxMapCount();
    OptionalLong used = ProcessMaps.count();
    if (limit.isPresent() && used.isPresent()) {
      long needed = checkEvery * mappingsPerStack + MAPPINGS_FOR_THE_JVM;
      if (used.getAsLong() + needed > limit.getAsLong()) {
        untilCheck.set(0);
        return Optional.of(
            "no more stacks: the process has "
                + used.getAsLong()
                + " memory mappings of the "
                + limit.getAsLong()
                + " that vm.max_map_count allows, and the JVM needs the rest.");
      }
    }
    untilCheck.set(checkEvery);
    return Optional.empty();
  }
}
