package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;

/**
 * What ends the process: a stack that overflows, and calls that nobody can answer.
 *
 * <p>Arguments: the library of C functions; which fault; "caught" to have a handler of the library
 * print signal and address of the fault and exit with status 42, "plain" to leave it to the JVM.
 */
public final class Faults {
  private static final FunctionDescriptor OF_CALL = FunctionDescriptor.of(JAVA_INT, ADDRESS);

  private final SymbolLookup library;
  private final boolean caught;
  private final ForeignCoroutine c = ForeignCoroutine.builder().stackSize(128 * 1024).build();
  private final ForeignCoroutine other = ForeignCoroutine.builder().stackSize(128 * 1024).build();

  private Faults(String library, boolean caught) {
    this.library = SymbolLookup.libraryLookup(Path.of(library), Arena.global());
    this.caught = caught;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Throwable {
    new Faults(arguments[0], arguments[2].equals("caught")).run(arguments[1]);
    System.out.println("still alive");
  }

  private void run(String which) throws Throwable {
    System.out.printf("guard %x %x%n", c.stackLimit() - 64 * 1024, c.stackLimit());
    ForeignCallback callback = c.callback(FunctionDescriptor.of(JAVA_INT));
    MemorySegment function = MemorySegment.ofAddress(callback.function().address());
    switch (which) {
      case "recursion" ->
          c.start(find("overflow"), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG), 0L);
      // Larger than all of the stack, by less than the guard.
      case "giant" ->
          c.start(find("giant_frame"), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG), 160L * 1024);
      case "freed" -> {
        c.close();
        fault(other, function);
        return;
      }
      case "elsewhere" -> {
        fault(other, function);
        return;
      }
      case "upcall" -> {
        // Through memory, where nobody sees what it is.
        MemorySegment pointer = Arena.global().allocate(ADDRESS);
        pointer.set(ADDRESS, 0, upcallStub());
        ForeignCoroutine critical = ForeignCoroutine.builder().critical().build();
        critical.start(find("call_through"), OF_CALL, pointer);
        critical.resume();
        return;
      }
      case "over" -> {
        c.start(find("call"), OF_CALL, function);
        c.resume();
        c.resume(1);
        arm();
        Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.ofVoid()).invokeExact();
        return;
      }
      default -> throw new IllegalArgumentException(which);
    }
    arm();
    c.resume();
  }

  private static MemorySegment upcallStub() {
    return Linker.nativeLinker()
        .upcallStub(
            MethodHandles.constant(int.class, 7), FunctionDescriptor.of(JAVA_INT), Arena.global());
  }

  /** Calls the pointer on another coroutine's stack. */
  private void fault(ForeignCoroutine on, MemorySegment function) throws Throwable {
    on.start(find("call"), OF_CALL, function);
    arm();
    on.resume();
  }

  private void arm() throws Throwable {
    System.out.flush();
    if (caught) {
      Linker.nativeLinker()
          .downcallHandle(find("catch_faults"), FunctionDescriptor.ofVoid())
          .invokeExact();
    }
  }

  private MemorySegment find(String name) {
    return library.find(name).orElseThrow();
  }
}
