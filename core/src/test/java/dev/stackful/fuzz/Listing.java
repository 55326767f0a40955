package dev.stackful.fuzz;

import java.util.Locale;

/** The text of a program. */
final class Listing {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  void routine(String name, Block block) {
    line("", name + " {");
    block(block);
    line("", "}");
  }

  private void block(Block block) {
    depth++;
    block.statements().forEach(this::statement);
    depth--;
  }

  private void statement(Statement statement) {
    String number = Integer.toString(statement.number());
    switch (statement) {
      case Statement.Do s -> line(number, (s.guarded() ? "? " : "") + s.action());
      case Statement.Within s -> {
        line(number, s.bracket() + " {");
        block(s.body());
        line("", "}");
      }
      case Statement.Repeat s -> {
        line(number, s.times() + " times {");
        block(s.body());
        line("", "}");
      }
      case Statement.Try s -> tryStatement(number, s);
      case Statement.Throw s -> line(number, "throw " + s.sort().name().toLowerCase(Locale.ROOT));
      case Statement.Rethrow s -> line(number, "rethrow");
      case Statement.Return s -> line(number, "return");
    }
  }

  private void tryStatement(String number, Statement.Try s) {
    line(number, "try {");
    block(s.body());
    if (s.what() != Statement.Catch.NOTHING) {
      line("", "} catch " + s.what() + " {");
      block(s.handler());
    }
    if (!s.last().isEmpty()) {
      line("", "} finally {");
      block(s.last());
    }
    line("", "}");
  }

  private void line(String number, String content) {
    text.append("%5s  %s%s%n".formatted(number, "  ".repeat(depth), content));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
