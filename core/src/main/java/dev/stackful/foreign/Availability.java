package dev.stackful.foreign;

import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.Lazy;
import dev.stackful.internal.os.NativeAccess;
import dev.stackful.internal.os.OperatingSystem;
import java.util.Optional;

/** Whether C functions can run as coroutines here; less is needed than for Java bodies. */
final class Availability {
  private Availability() {}

  private static final Lazy<OperatingSystem> CHECKED =
      new Lazy<>() {
        @Override
        protected OperatingSystem make() {
          return check();
        }
      };

  /**
   * Returns if they can.
   *
   * @throws UnsupportedOperationException with the reason
   * @throws IllegalCallerException if native access is denied
   */
  static void require() {
    CHECKED.get();
  }

  private static OperatingSystem check() {
    Isa isa =
        Isa.current()
            .orElseThrow(
                () ->
                    new UnsupportedOperationException(
                        "foreign coroutines are for x86-64 and AArch64; this is "
                            + System.getProperty("os.arch")));
    OperatingSystem system =
        OperatingSystem.current()
            .orElseThrow(
                () ->
                    new UnsupportedOperationException(
                        "foreign coroutines are for Linux and macOS; this is "
                            + System.getProperty("os.name")));
    NativeAccess.require();
    Optional<String> refusal = system.refusal(isa);
    if (refusal.isPresent()) {
      throw new UnsupportedOperationException(refusal.get());
    }
    return system;
  }
}
