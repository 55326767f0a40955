package dev.stackful.fiber;

import dev.stackful.internal.fiber.Blocker;
import java.util.List;

/**
 * Thrown by {@link FiberRuntime#run} when every fiber waits and nothing can ever wake one: no timer
 * is set and no stage is awaited. The message lists the fibers, what each waits for, and where.
 *
 * <p>The fibers are as they were. {@link FiberRuntime#close} cancels them; or somebody may spawn a
 * fiber that gives them what they wait for, and run the runtime again.
 *
 * @since 0.1.0
 */
public final class FiberDeadlockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** More frames of each fiber are not in the message. */
  private static final int MOST_FRAMES = 16;

  /** A line for each fiber, in a list that is serializable. */
  @SuppressWarnings("serial") // by its declared type it needn't be
  private final List<String> waiting;

  private FiberDeadlockException(String message, List<String> waiting) {
    super(message);
    this.waiting = waiting;
  }

  static FiberDeadlockException of(String runtime, List<Fiber<?>> fibers) {
    StringBuilder text = new StringBuilder();
    text.append("every fiber of ").append(runtime).append(" waits, and nothing can wake one:");
    for (Fiber<?> fiber : fibers) {
      text.append("\n  ").append(line(fiber));
      StackTraceElement[] trace = fiber.stackTrace();
      for (int i = 0; i < trace.length && i < MOST_FRAMES; i++) {
        text.append("\n      at ").append(trace[i]);
      }
      if (trace.length > MOST_FRAMES) {
        text.append("\n      ... ").append(trace.length - MOST_FRAMES).append(" more");
      }
    }
    return new FiberDeadlockException(
        text.toString(), fibers.stream().map(FiberDeadlockException::line).toList());
  }

  private static String line(Fiber<?> fiber) {
    Blocker blocker = fiber.core().blocker();
    return fiber.name() + ": " + (blocker == null ? "nothing" : blocker.explain());
  }

  /**
   * {@return a line for each fiber: its name, a colon, and what it waits for} In the order in which
   * they were spawned.
   */
  public List<String> waiting() {
    return waiting;
  }
}
