package dev.stackful.foreign;

import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.Processor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/** Whether C functions can run as coroutines here; less is needed than for Java bodies. */
final class Availability {
  private Availability() {}

  /**
   * Checked once, at the first use that gets through.
   *
   * @throws UnsupportedOperationException with the reason
   * @throws IllegalCallerException if native access is denied
   */
  static void require() {
    if (!available) {
      check();
      available = true;
    }
  }

  private static volatile boolean available;

  private static void check() {
    String system = System.getProperty("os.name", "");
    if (!system.equals("Linux")) {
      throw new UnsupportedOperationException("native coroutines are for Linux; this is " + system);
    }
    Isa isa =
        Isa.current()
            .orElseThrow(
                () ->
                    new UnsupportedOperationException(
                        "native coroutines are for x86-64 and AArch64; this is "
                            + System.getProperty("os.arch")));
    requireNativeAccess();
    if (Processor.hasShadowStack(isa)) {
      throw new UnsupportedOperationException(
          "a shadow stack is on, and would stop a switch of stacks: start java without"
              + " GLIBC_TUNABLES=glibc.cpu.x86_shstk or glibc.cpu.aarch64_gcs");
    }
  }

  private static void requireNativeAccess() {
    try {
      // A restricted method, which asks for the permission and does nothing else.
      Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid());
    } catch (IllegalCallerException e) {
      Module module = Availability.class.getModule();
      String flag =
          "--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
      throw new IllegalCallerException("native access is denied: start java with " + flag, e);
    }
  }
}
