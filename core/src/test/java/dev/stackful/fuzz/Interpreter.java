package dev.stackful.fuzz;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a routine of a program with the library: by recursion, so that it has a stack as any body
 * has. What an action does, a subclass knows.
 */
abstract class Interpreter {
  final Log log;

  /** What the log calls it. */
  final String label;

  Interpreter(Log log, String label) {
    this.log = log;
    this.label = label;
  }

  /**
   * Does an action.
   *
   * @param caught what the handler around the statement has caught
   * @return what the log says came of it
   */
  abstract String perform(Action action, @Nullable Throwable caught) throws Exception;

  /**
   * Runs a block inside something.
   *
   * @return whether it was ended by a return
   */
  abstract boolean within(Action bracket, Block body, @Nullable Throwable caught) throws Exception;

  /** Runs a block, and returns whether it was ended by a return. */
  final boolean run(Block block, @Nullable Throwable caught) throws Exception {
    for (Statement statement : block.statements()) {
      if (!log.spend()) {
        return false;
      }
      if (run(statement, caught)) {
        return true;
      }
    }
    return false;
  }

  private boolean run(Statement statement, @Nullable Throwable caught) throws Exception {
    return switch (statement) {
      case Statement.Do s -> {
        execute(s.action(), s.guarded(), caught);
        yield false;
      }
      case Statement.Within s -> within(s.bracket(), s.body(), caught);
      case Statement.Repeat s -> repeat(s, caught);
      case Statement.Try s -> runTry(s, caught);
      case Statement.Throw s -> throw Planned.thrown(newThrowable(s.sort()));
      case Statement.Rethrow s -> {
        if (caught != null) {
          throw Planned.thrown(caught);
        }
        yield false;
      }
      case Statement.Return s -> true;
    };
  }

  final Throwable newThrowable(Sort sort) {
    return Planned.of(sort, log.nextException());
  }

  final void execute(Action action, boolean guarded, @Nullable Throwable caught) throws Exception {
    log.add(label + ": " + action);
    String value;
    try {
      value = perform(action, caught);
    } catch (Throwable t) {
      log.add(label + ": " + action + " throws " + Texts.of(t));
      if (guarded && Sort.of(t) != Sort.UNWINDING) {
        return;
      }
      throw t;
    }
    log.add(label + ": " + action + " -> " + Objects.requireNonNull(value));
  }

  private boolean repeat(Statement.Repeat loop, @Nullable Throwable caught) throws Exception {
    for (int i = 0; i < loop.times(); i++) {
      if (run(loop.body(), caught)) {
        return true;
      }
    }
    return false;
  }

  private boolean runTry(Statement.Try s, @Nullable Throwable caughtOutside) throws Exception {
    try {
      return run(s.body(), caughtOutside);
    } catch (Throwable t) {
      if (!s.what().catches(Sort.of(t))) {
        throw t;
      }
      log.add(label + ": catches " + Texts.of(t));
      return run(s.handler(), t);
    } finally {
      run(s.last(), caughtOutside);
    }
  }
}
