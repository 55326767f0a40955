package dev.stackful.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A picture of stacks as text: who runs, and where the stack pointer points. The stacks grow down.
 */
final class StacksView {
  /** How many rows a picture has. */
  static final int HEIGHT = 6;

  private static final int FRAMES = 2;
  private static final int FRAME_WIDTH = 8;
  private static final int COLUMN_WIDTH = FRAME_WIDTH + 9;
  private static final String EDGE = "+" + "-".repeat(FRAME_WIDTH + 2) + "+";

  /** The states that the book gives its threads, and that of main while one of them runs. */
  enum State {
    AVAILABLE("Available"),
    READY("Ready"),
    RUNNING("Running"),
    WAITING("Waiting");

    private final String label;

    State(String label) {
      this.label = label;
    }
  }

  /**
   * A stack.
   *
   * @param frames its frames, the outermost first; {@value #FRAMES} at most
   */
  record Stack(String name, State state, List<String> frames) {}

  private StacksView() {}

  /**
   * The rows of a picture, {@value #HEIGHT} of them, without spaces at their ends.
   *
   * @param highlight whether what runs is shown in reverse, by control sequences (ECMA-48, SGR)
   */
  static List<String> draw(List<Stack> stacks, boolean highlight) {
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < HEIGHT; row++) {
      StringBuilder out = new StringBuilder();
      for (Stack stack : stacks) {
        String cell = cell(stack, row);
        String padding = " ".repeat(COLUMN_WIDTH - cell.length());
        boolean reverse = highlight && stack.state() == State.RUNNING && !cell.isEmpty();
        out.append(reverse ? "\033[7m" + cell + "\033[m" : cell).append(padding);
      }
      rows.add(out.toString().stripTrailing());
    }
    return rows;
  }

  private static String cell(Stack stack, int row) {
    return switch (row) {
      case 0 -> "  " + stack.name();
      case 1, FRAMES + 2 -> EDGE;
      case HEIGHT - 1 -> "  " + stack.state().label;
      default -> {
        int frame = row - 2;
        boolean innermost = frame == stack.frames().size() - 1;
        yield "| %-8s |%s"
            .formatted(
                frame < stack.frames().size() ? stack.frames().get(frame) : "",
                innermost && stack.state() == State.RUNNING ? "<-sp" : "");
      }
    };
  }
}
