package dev.stackful.internal.foreign;

import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.os.Isa;
import java.util.List;

/**
 * The routines of foreign coroutines by name, for either instruction set, whatever this JVM runs
 * on.
 */
public final class ForeignRoutines {
  static final String RESUME = "resume";
  static final String TRAMPOLINE = "trampoline";
  static final String CALLBACK = "callback";
  static final String CALLBACK_OF_INTEGERS = "callbackOfIntegers";
  static final String YIELD_VALUE = "yieldValue";
  static final String SUSPEND = "suspend";
  static final String TRAP = "trap";
  static final String THUNK = "thunk";

  /** The routines' names, in the order of the code. */
  public static final List<String> NAMES =
      List.of(
          RESUME, TRAMPOLINE, CALLBACK, CALLBACK_OF_INTEGERS, YIELD_VALUE, SUSPEND, TRAP, THUNK);

  private ForeignRoutines() {}

  /** Emits the routines of one instruction set. */
  public static Listing emit(Isa isa) {
    return switch (isa) {
      case AMD64 -> Amd64ForeignRoutines.emit();
      case AARCH64 -> Aarch64ForeignRoutines.emit();
    };
  }

  /** How many integer argument registers an instruction set has. */
  public static int argumentRegisters(Isa isa) {
    return switch (isa) {
      case AMD64 -> Amd64ForeignRoutines.ARGUMENT_REGISTERS.size();
      case AARCH64 -> Aarch64ForeignRoutines.ARGUMENT_REGISTERS.size();
    };
  }
}
