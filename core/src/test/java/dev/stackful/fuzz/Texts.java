package dev.stackful.fuzz;

import dev.stackful.ForcedUnwind;
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
          Map.entry("body is running on the thread", "no body"),
          Map.entry("it has ended", "ended"));

  private Texts() {}

  static String of(Throwable thrown) {
    String text = thrown.getClass().getSimpleName() + message(thrown);
    if (thrown.getCause() != null) {
      text += " because of " + of(thrown.getCause());
    }
    if (thrown.getSuppressed().length > 0) {
      text +=
          " suppressing "
              + Arrays.stream(thrown.getSuppressed())
                  .map(Texts::of)
                  .collect(Collectors.joining(", ", "[", "]"));
    }
    return text;
  }

  private static String message(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    if (thrown.getClass().getEnclosingClass() == Planned.class) {
      return " " + message;
    }
    if (thrown instanceof ForcedUnwind) {
      return " of " + message.split(" ", -1)[2]; // the coroutine NAME is being closed
    }
    return REASONS.stream()
        .filter(reason -> message.contains(reason.getKey()))
        .findFirst()
        .map(reason -> ": " + reason.getValue())
        .orElse("");
  }
}
