package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Yielder;

/**
 * The body of every coroutine here: it yields what came in, so many times, then returns what came
 * in last.
 *
 * @param yields how often it yields
 */
record Echo(long yields) implements Coroutine.Body<Object, Object> {
  /** One that never ends by itself. */
  static final Echo ENDLESS = new Echo(Long.MAX_VALUE);

  /** One that needs two resumes: to its yield, and to its end. */
  static final Echo ONCE = new Echo(1);

  @Override
  public Object run(Yielder<Object, Object> self, Object first) {
    Object value = first;
    for (long i = 0; i < yields; i++) {
      value = self.yield(value);
    }
    return value;
  }
}
