package dev.stackful.internal.os;

import java.util.Locale;
import java.util.Optional;

/** The two instruction sets that Stackful emits code for. */
public enum Isa {
  AMD64("x86-64"),
  AARCH64("AArch64");

  private final String displayName;

  Isa(String displayName) {
    this.displayName = displayName;
  }

  /** The name that people use for it. */
  public String displayName() {
    return displayName;
  }

  /** The instruction set that this JVM runs on, by the system property {@code os.arch}. */
  public static Optional<Isa> current() {
    return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> Optional.of(AMD64);
      case "aarch64", "arm64" -> Optional.of(AARCH64);
      default -> Optional.empty();
    };
  }

  /**
   * The instruction set that this JVM runs on, where a check has said that there is one.
   *
   * @throws IllegalStateException if it is neither of the two
   */
  public static Isa require() {
    Optional<Isa> isa = current();
    if (isa.isEmpty()) {
      throw new IllegalStateException(
          "machine code is emitted for x86-64 and AArch64 only; os.arch is "
              + System.getProperty("os.arch"));
    }
    return isa.get();
  }
}
