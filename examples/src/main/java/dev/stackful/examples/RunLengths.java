package dev.stackful.examples;

import dev.stackful.Coroutine;
import dev.stackful.Yielder;
import org.jspecify.annotations.Nullable;

/**
 * A parser and its consumer as two symmetric coroutines: neither calls the other. The parser
 * transfers control when it has a character for the consumer, the consumer when it needs the next
 * one, and each goes on where it was when it gets control back. So each is an ordinary loop, and
 * where it stands in its loop is all its state: were one a subroutine of the other, it would have
 * to remember by itself where it was.
 *
 * <p>The task is that by which D. E. Knuth introduces coroutines in <em>The Art of Computer
 * Programming</em>, volume 1, section 1.4.2; they are M. E. Conway's (<em>Design of a Separable
 * Transition-Diagram Compiler</em>, 1963). In the text a digit means that the character behind it
 * comes so many times more: {@code 2B} is {@code BBB}. What that gives, up to a full stop, is
 * printed in groups of three.
 */
public final class RunLengths implements AutoCloseable {
  private final String text;

  /** Is handed nothing; a transfer to it asks for the next character. */
  private final Coroutine<@Nullable Void, String> parser =
      Coroutine.of((self, first) -> parse(self));

  /** Is handed characters. What it returns goes to whoever resumed the parser. */
  private final Coroutine<Character, String> consumer = Coroutine.of(this::group);

  private RunLengths(String text) {
    this.text = text;
  }

  private String parse(Yielder<@Nullable Void, String> self) {
    for (int i = 0; i < text.length(); i++) {
      int more = 0;
      if (Character.isDigit(text.charAt(i)) && i + 1 < text.length()) {
        more = Character.digit(text.charAt(i), 10);
        i++;
      }
      for (int times = 0; times <= more; times++) {
        self.transferTo(consumer, text.charAt(i));
      }
    }
    throw new IllegalArgumentException("the text has no full stop: " + text);
  }

  private String group(Yielder<Character, String> self, Character first) {
    StringBuilder groups = new StringBuilder();
    char character = first;
    while (true) {
      for (int i = 0; i < 3; i++) {
        groups.append(character);
        if (character == '.') {
          return groups.toString();
        }
        character = self.transferTo(parser, null);
      }
      groups.append(' ');
    }
  }

  /** Starts the parser; the consumer's result comes back. */
  private String groups() {
    return parser.resume();
  }

  /** Unwinds the parser, which waits for a consumer that has ended. */
  @Override
  public void close() {
    parser.close();
    consumer.close();
  }

  /**
   * Prints a text in groups.
   *
   * @param arguments the text, which ends in a full stop; without one, Knuth's
   */
  public static void main(String[] arguments) {
    String text = arguments.length > 0 ? arguments[0] : "A2B5E3426FG0ZYW3210PQ89R.";
    if (arguments.length > 1 || !text.contains(".")) {
      System.err.println("usage: RunLengths [TEXT]; the text is one argument, up to a full stop");
      System.exit(2);
    }
    try (RunLengths runLengths = new RunLengths(text)) {
      System.out.println(runLengths.groups());
    }
  }
}
