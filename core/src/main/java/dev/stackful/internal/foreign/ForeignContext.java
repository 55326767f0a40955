package dev.stackful.internal.foreign;

import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.VirtualMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The native half of one foreign coroutine: a stack, and at its top what the machine code knows of
 * it. Lives from {@link #allocate} to {@link #free}.
 */
public final class ForeignContext {
  private static final Isa ISA = Isa.require();

  private final MappedStack stack;
  private final long address;
  private final MemorySegment fields;

  private ForeignContext(MappedStack stack) {
    this.stack = stack;
    this.address = stack.top() - ForeignContextLayout.SIZE_BYTES;
    this.fields = MemorySegment.ofAddress(address).reinterpret(ForeignContextLayout.SIZE_BYTES);
  }

  /** The least size of a stack, in bytes. */
  public static long leastStackBytes() {
    return MappedStackPool.leastBytes();
  }

  /**
   * Makes a context on a stack of its own.
   *
   * @param stackBytes at least {@link #leastStackBytes()}
   * @throws StackMemoryException if there is no memory or mapping left
   */
  public static ForeignContext allocate(long stackBytes) {
    MappedStack stack = MappedStackPool.take(stackBytes);
    ForeignContext made = null;
    try {
      ForeignContext context = new ForeignContext(stack);
      context.fields.fill((byte) 0);
      context.fields.set(ValueLayout.JAVA_LONG, ForeignContextLayout.LIMIT, stack.limit());
      made = context;
      return context;
    } finally {
      if (made == null) {
        stack.free();
      }
    }
  }

  /**
   * Lays the first frame: the next resume calls the function, with what stands in the context's
   * argument registers.
   */
  public void begin(long function) {
    fields.set(
        ValueLayout.JAVA_LONG,
        ForeignContextLayout.SP,
        FirstFrame.lay(ISA, stack.memory(), address, function));
  }

  /** The address, for {@link ForeignSwitch#resume}. */
  public long address() {
    return address;
  }

  /**
   * A field, for whoever knows that the context isn't freed meanwhile. A segment of each context's
   * own would cost a resume several nanoseconds for its class, its size and its scope, and to check
   * that the address is a multiple of 8 another.
   */
  public long read(int offset) {
    return VirtualMemory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address + offset);
  }

  /** Writes a field, for whoever knows that the context isn't freed meanwhile. */
  public void write(int offset, long value) {
    VirtualMemory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address + offset, value);
  }

  /** The fields; see {@link ForeignContextLayout}. */
  public MemorySegment fields() {
    return fields;
  }

  /** The stack's lowest address; the guard is below. */
  public long stackLimit() {
    return stack.limit();
  }

  /** The stack's size, in bytes. */
  public long stackBytes() {
    return stack.memory().byteSize();
  }

  /** Gives the stack back. Frames that are still on it are dropped. */
  public void free() {
    stack.free();
  }
}
