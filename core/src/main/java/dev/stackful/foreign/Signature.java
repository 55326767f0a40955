package dev.stackful.foreign;

import dev.stackful.internal.foreign.ForeignContextLayout;
import dev.stackful.internal.foreign.ForeignRoutines;
import dev.stackful.internal.os.Isa;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which register holds which argument of a C function: integers and pointers take the integer
 * registers in order, floats and doubles the floating-point ones (System V ABI, AMD64 supplement,
 * 3.2.3; AAPCS64, 6.8.2). Apple's ABI for AArch64 differs in what goes to the stack only, which is
 * refused here.
 */
final class Signature {
  private static final int INTEGER_REGISTERS = ForeignRoutines.argumentRegisters(Isa.require());

  private final FunctionDescriptor descriptor;
  private final ValueLayout[] layouts;
  private final Kind[] kinds;
  private final int[] registers;
  private final long[] targetBytes;
  private final boolean integersOnly;
  private final @Nullable ValueLayout returnLayout;
  private final @Nullable Kind returnKind;

  private Signature(FunctionDescriptor descriptor) {
    this.descriptor = descriptor;
    List<MemoryLayout> arguments = descriptor.argumentLayouts();
    int count = arguments.size();
    layouts = new ValueLayout[count];
    kinds = new Kind[count];
    registers = new int[count];
    targetBytes = new long[count];
    int integers = 0;
    int floats = 0;
    for (int i = 0; i < count; i++) {
      layouts[i] = value(arguments.get(i), "argument " + i);
      kinds[i] = Kind.of(layouts[i]);
      targetBytes[i] = Kind.targetBytes(layouts[i]);
      int offset =
          kinds[i].isFloatingPoint()
              ? ForeignContextLayout.FP_ARGUMENTS + Long.BYTES * floats++
              : ForeignContextLayout.ARGUMENTS + Long.BYTES * integers++;
      registers[i] = kinds[i].register(offset);
      requireRegister(i, integers, INTEGER_REGISTERS, "integers and pointers");
      requireRegister(i, floats, ForeignContextLayout.FP_ARGUMENT_REGISTERS, "floats and doubles");
    }
    integersOnly = floats == 0;
    returnLayout =
        descriptor.returnLayout().map(layout -> value(layout, "the return")).orElse(null);
    returnKind = returnLayout == null ? null : Kind.of(returnLayout);
  }

  /**
   * Assigns the registers.
   *
   * @throws UnsupportedOperationException with the reason, if a value doesn't fit into one
   */
  static Signature of(FunctionDescriptor descriptor) {
    return new Signature(descriptor);
  }

  private ValueLayout value(MemoryLayout layout, String what) {
    if (layout instanceof GroupLayout) {
      throw refused(what + " is a struct or union by value: pass a pointer to it");
    }
    if (!(layout instanceof ValueLayout value)) {
      throw refused(what + " is no value: " + layout);
    }
    if (value.byteSize() > 1 && value.order() != ByteOrder.nativeOrder()) {
      throw refused(what + " is of the other byte order: " + layout);
    }
    return value;
  }

  private void requireRegister(int argument, int used, int available, String of) {
    if (used > available) {
      throw refused(
          "argument %d would be passed on the stack: there are registers for %d %s"
              .formatted(argument, available, of));
    }
  }

  private UnsupportedOperationException refused(String reason) {
    return new UnsupportedOperationException(reason + ", in " + descriptor);
  }

  FunctionDescriptor descriptor() {
    return descriptor;
  }

  /** The number of arguments. */
  int arity() {
    return kinds.length;
  }

  Kind kind(int argument) {
    return kinds[argument];
  }

  ValueLayout layout(int argument) {
    return layouts[argument];
  }

  /** Where in the foreign context the argument stands. */
  int offset(int argument) {
    return Kind.offset(registers[argument]);
  }

  /** Of each argument its kind and where it stands; see {@link Kind#register}. */
  int[] registers() {
    return registers;
  }

  /** The size of what each argument points to, in bytes; 0 where it isn't known. */
  long[] targetBytes() {
    return targetBytes;
  }

  /** Whether no argument is a float or a double. */
  boolean hasIntegersOnly() {
    return integersOnly;
  }

  /** Null for void. */
  @Nullable Kind returnKind() {
    return returnKind;
  }

  /** Null for void. */
  @Nullable ValueLayout returnLayout() {
    return returnLayout;
  }
}
