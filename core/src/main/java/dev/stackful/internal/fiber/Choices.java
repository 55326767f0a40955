package dev.stackful.internal.fiber;

import java.util.function.IntToLongFunction;

/** Decides where a schedule could go one way or another. */
public interface Choices {
  /**
   * Which of the ready fibers goes on. Not asked if there is but one.
   *
   * @param bound how many there are
   * @param numbers the number of each, by its place in the queue
   * @return a place, from 0 to below the bound
   */
  int chooseFiber(int bound, IntToLongFunction numbers);

  /**
   * Which of several a select takes.
   *
   * @return from 0 to below the bound
   */
  int chooseCase(int bound);

  /**
   * Whether a fiber that begins an operation, which may turn out not to need a wait, yields first.
   *
   * @param me its number
   * @param bound how many fibers are ready, itself the first of them
   * @param numbers the number of each, by its place in the queue
   */
  boolean preempts(long me, int bound, IntToLongFunction numbers);
}
