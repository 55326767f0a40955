package dev.stackful.fuzz;

import java.util.List;
import java.util.Set;

/** A statement of a random program. Its number is unique there, and tells the shrinker which. */
sealed interface Statement {
  /** Where it stands in the program, from 1. */
  int number();

  /** What it contains. */
  default List<Block> blocks() {
    return List.of();
  }

  /** The same, with statements deleted in what it contains. */
  default Statement without(Set<Integer> deleted) {
    return this;
  }

  /** One action. If it is guarded, what it throws is logged and forgotten, but for an unwinding. */
  record Do(int number, Action action, boolean guarded) implements Statement {}

  /** A block inside something: another thread, a monitor, a {@code try}-with-resources. */
  record Within(int number, Action bracket, Block body) implements Statement {
    @Override
    public List<Block> blocks() {
      return List.of(body);
    }

    @Override
    public Statement without(Set<Integer> deleted) {
      return new Within(number, bracket, body.without(deleted));
    }
  }

  /** A loop. */
  record Repeat(int number, int times, Block body) implements Statement {
    @Override
    public List<Block> blocks() {
      return List.of(body);
    }

    @Override
    public Statement without(Set<Integer> deleted) {
      return new Repeat(number, times, body.without(deleted));
    }
  }

  /** A block with a handler and a {@code finally}, either of which may be empty. */
  record Try(int number, Block body, Catch what, Block handler, Block last) implements Statement {
    @Override
    public List<Block> blocks() {
      return List.of(body, handler, last);
    }

    @Override
    public Statement without(Set<Integer> deleted) {
      return new Try(
          number, body.without(deleted), what, handler.without(deleted), last.without(deleted));
    }
  }

  /** Throws something new. */
  record Throw(int number, Sort sort) implements Statement {}

  /** Throws on what the handler around it has caught. */
  record Rethrow(int number) implements Statement {}

  /** Ends the routine. */
  record Return(int number) implements Statement {}

  /** What a {@link Try} catches. */
  enum Catch {
    NOTHING("no exception"),
    UNCHECKED("RuntimeException"),
    EXCEPTION("Exception"),
    UNWINDING("ForcedUnwind"),
    EVERYTHING("Throwable");

    private final String name;

    Catch(String name) {
      this.name = name;
    }

    boolean catches(Sort sort) {
      return switch (this) {
        case NOTHING -> false;
        case UNCHECKED -> sort == Sort.UNCHECKED;
        case EXCEPTION -> sort == Sort.UNCHECKED || sort == Sort.CHECKED;
        case UNWINDING -> sort == Sort.UNWINDING;
        case EVERYTHING -> true;
      };
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
