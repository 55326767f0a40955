package dev.stackful.testing;

/** Yields in its static initializer. Each class loader that defines it runs that once. */
public final class YieldsInItsInitializer {
  private static final Object VALUE = YielderHolder.SELF.get().yield("in a static initializer");

  private YieldsInItsInitializer() {}

  /** The value that the initializer was resumed with. */
  public static Object value() {
    return VALUE;
  }
}
