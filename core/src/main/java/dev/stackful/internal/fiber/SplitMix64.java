package dev.stackful.internal.fiber;

import java.util.function.IntToLongFunction;

/**
 * A small generator of pseudo-random numbers, the same on every JDK: Steele, Lea and Flood,
 * <em>Fast splittable pseudorandom number generators</em> (OOPSLA 2014), with the finalizer that
 * {@link java.util.SplittableRandom} has. A schedule must be repeatable for years, and the JDK
 * promises its own algorithms only by name.
 */
public final class SplitMix64 implements Choices {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /** Makes one whose numbers the seed decides. */
  public SplitMix64(long seed) {
    this.state = seed;
  }

  /** Any number. */
  public long nextLong() {
    state += GOLDEN_GAMMA;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** From 0 to below the bound. Its bias is below 2<sup>-32</sup>, which no schedule notices. */
  public int nextInt(int bound) {
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  @Override
  public int chooseFiber(int bound, IntToLongFunction numbers) {
    return nextInt(bound);
  }

  @Override
  public int chooseCase(int bound) {
    return nextInt(bound);
  }

  @Override
  public boolean preempts(long me, int bound, IntToLongFunction numbers) {
    return false;
  }
}
