package dev.stackful.internal.context;

import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.os.Isa;
import java.util.List;

/**
 * The routines of native coroutines by name, for either instruction set, whatever this JVM runs on.
 */
public final class NativeRoutines {
  static final String RESUME = "resume";
  static final String TRAMPOLINE = "trampoline";
  static final String CALLBACK = "callback";
  static final String YIELD_VALUE = "yieldValue";
  static final String SUSPEND = "suspend";
  static final String TRAP = "trap";
  static final String THUNK = "thunk";

  /** The routines' names, in the order of the code. */
  public static final List<String> NAMES =
      List.of(RESUME, TRAMPOLINE, CALLBACK, YIELD_VALUE, SUSPEND, TRAP, THUNK);

  private NativeRoutines() {}

  /** Emits the routines of one instruction set. */
  public static Listing emit(Isa isa) {
    return switch (isa) {
      case AMD64 -> Amd64NativeRoutines.emit();
      case AARCH64 -> Aarch64NativeRoutines.emit();
    };
  }

  /** How many integer argument registers an instruction set has. */
  public static int argumentRegisters(Isa isa) {
    return switch (isa) {
      case AMD64 -> Amd64NativeRoutines.ARGUMENT_REGISTERS.size();
      case AARCH64 -> Aarch64NativeRoutines.ARGUMENT_REGISTERS.size();
    };
  }
}
