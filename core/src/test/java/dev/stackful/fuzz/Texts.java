package dev.stackful.fuzz;

import dev.stackful.ForcedUnwind;
import dev.stackful.fiber.FiberDeadlockException;
import dev.stackful.fiber.FiberFailedException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the log says of an exception: its type, what kind of message it has, and its cause. */
final class Texts {
  /** By what a message of the library is known, and what the log says for it. */
  private static final List<Map.Entry<String, String>> REASONS =
      List.of(
          Map.entry("it is the one that is running here", "running here"),
          Map.entry("it is running, resumed by another thread", "running elsewhere"),
          Map.entry("it has resumed another coroutine and waits", "waits for another"),
          Map.entry("times while it was being closed", "went on yielding"),
          Map.entry("belongs to a", "owned"),
          Map.entry("body is running on the thread", "no body"),
          Map.entry("must be called in a fiber", "not in a fiber"),
          Map.entry("cannot join itself", "itself"),
          Map.entry(" owns it", "not the owner"),
          Map.entry("it was joined already", "joined"),
          Map.entry("closed it without a join", "not joined"),
          Map.entry("a select without a case", "no case"),
          Map.entry("it runs the fiber", "runs already"),
          Map.entry("is running it", "runs already"),
          Map.entry(" has locked mutex", "locked already"),
          Map.entry("has locked it", "not locked"),
          Map.entry("was cancelled", "cancelled"),
          Map.entry("has no time left", "no time"),
          Map.entry("it is closed", "closed"),
          Map.entry("no function was started", "not started"),
          Map.entry("a function is suspended in it", "suspended"),
          Map.entry("its function has returned", "returned"),
          Map.entry("must be answered before", "unanswered"),
          Map.entry("no callback is waiting", "nothing pending"),
          Map.entry("no function has returned", "no result"),
          Map.entry("C code isn't waiting in", "not pending"),
          Map.entry("it has ended", "ended"));

  private Texts() {}

  static String of(Throwable thrown) {
    String text = name(thrown);
    if (thrown.getCause() != null) {
      text += " because of " + of(thrown.getCause());
    }
    if (thrown.getSuppressed().length > 0) {
      text +=
          " suppressing "
              + Arrays.stream(thrown.getSuppressed())
                  .map(Texts::name)
                  .collect(Collectors.joining(", ", "[", "]"));
    }
    return text;
  }

  private static String name(Throwable thrown) {
    return thrown.getClass().getSimpleName() + message(thrown);
  }

  private static String message(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    if (thrown.getClass().getEnclosingClass() == Planned.class) {
      return " " + message;
    }
    if (thrown instanceof ForcedUnwind) {
      return " of " + message.split(" ", -1)[2]; // the coroutine NAME is being closed
    }
    if (thrown instanceof FiberDeadlockException deadlock) {
      return " of " + deadlock.waiting().stream().map(line -> line.split(":", 2)[0]).toList();
    }
    if (thrown instanceof FiberFailedException && message.startsWith("the fiber ")) {
      return " of " + message.split(" ", -1)[2];
    }
    if (thrown.getCause() != null) {
      return ""; // its message may be in this one's
    }
    return REASONS.stream()
        .filter(reason -> message.contains(reason.getKey()))
        .findFirst()
        .map(reason -> ": " + reason.getValue())
        .orElse("");
  }
}
