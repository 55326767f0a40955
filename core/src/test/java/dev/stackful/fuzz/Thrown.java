package dev.stackful.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An exception in the model: it knows what the log says of it. */
class Thrown {
  private final Sort sort;
  private final String name;
  private final @Nullable Thrown cause;
  private final List<Thrown> suppressed = new ArrayList<>();

  Thrown(Sort sort, String name) {
    this(sort, name, null);
  }

  Thrown(Sort sort, String name, @Nullable Thrown cause) {
    this.sort = sort;
    this.name = name;
    this.cause = cause;
  }

  /** One that the program makes by itself. */
  static Thrown planned(Sort sort, int number) {
    return switch (sort) {
      case UNCHECKED -> new Thrown(sort, "Unchecked " + number);
      case CHECKED -> new Thrown(sort, "Checked " + number);
      case ERROR, UNWINDING -> new Thrown(Sort.ERROR, "Fatal " + number);
    };
  }

  /** What comes out of a coroutine, iterator or the like that lets this one out. */
  final Thrown unchecked(String wrapper) {
    return sort == Sort.CHECKED ? new Thrown(Sort.UNCHECKED, wrapper, this) : this;
  }

  /** An unwinding keeps none. */
  final void addSuppressed(Thrown other) {
    if (sort != Sort.UNWINDING) {
      suppressed.add(other);
    }
  }

  final Sort sort() {
    return sort;
  }

  /** As {@link Texts#of} describes what it stands for. */
  @Override
  public final String toString() {
    return name
        + (cause == null ? "" : " because of " + cause)
        + (suppressed.isEmpty()
            ? ""
            : suppressed.stream()
                .map(other -> other.name)
                .collect(Collectors.joining(", ", " suppressing [", "]")));
  }
}
