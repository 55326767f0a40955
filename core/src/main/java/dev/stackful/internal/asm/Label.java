package dev.stackful.internal.asm;

/**
 * A place in the code that branches name before or after it is known where it stands.
 *
 * <p>Made by {@link Assembler#label} and given its place by {@link Assembler#bind}.
 */
public final class Label {
  private static final int UNBOUND = -1;

  private final String name;
  private int offset = UNBOUND;

  Label(String name) {
    this.name = name;
  }

  /** The name that the listing shows. */
  public String name() {
    return name;
  }

  boolean isBound() {
    return offset != UNBOUND;
  }

  int offset() {
    return offset;
  }

  void bindTo(int place) {
    if (isBound()) {
      throw new IllegalStateException(
          "label %s is already bound at 0x%x; bound again at 0x%x".formatted(name, offset, place));
    }
    offset = place;
  }

  @Override
  public String toString() {
    return name;
  }
}
