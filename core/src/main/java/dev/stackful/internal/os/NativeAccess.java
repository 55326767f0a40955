package dev.stackful.internal.os;

import java.lang.foreign.Linker;

/** The JVM's permission to use the restricted methods of the foreign linker. */
public final class NativeAccess {
  private static final Module MODULE = NativeAccess.class.getModule();

  private NativeAccess() {}

  /** The option of the JVM that gives it. */
  public static String flag() {
    return "--enable-native-access=" + (MODULE.isNamed() ? MODULE.getName() : "ALL-UNNAMED");
  }

  /**
   * Whether it was given. Where it was not, its first use gives it with a warning, or is denied.
   */
  public static boolean isGiven() {
    return MODULE.isNativeAccessEnabled();
  }

  /**
   * Uses it, which may print the JVM's warning.
   *
   * @throws IllegalCallerException if it is denied; the message has the option
   */
  public static void require() {
    try {
      // A restricted method, which asks for the permission. The type is one that is needed anyway.
      Linker.nativeLinker().downcallHandle(Downcall.TWO_LONGS);
    } catch (IllegalCallerException e) {
      throw new IllegalCallerException("native access is denied: start java with " + flag(), e);
    }
  }
}
