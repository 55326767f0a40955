package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;

/**
 * Resumes wherever the resumer's stack is about to overflow. No yield may be lost, nor come twice.
 *
 * <p>Arguments: the library of C functions; how many times to overflow.
 */
public final class ResumerOverflows {
  private static final long ENOUGH = 1L << 40;

  private final ForeignCoroutine c = ForeignCoroutine.ofConfined();
  private boolean resumed;
  private long expected;
  private int overflows;

  private ResumerOverflows(String library) {
    c.start(
        SymbolLookup.libraryLookup(Path.of(library), Arena.global()).find("count_up").orElseThrow(),
        FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG),
        c.yielder().function(),
        ENOUGH);
  }

  /** Runs it. */
  public static void main(String[] arguments) {
    ResumerOverflows program = new ResumerOverflows(arguments[0]);
    for (int i = 0; i < 1000; i++) {
      program.next(); // what the JVM links at its first use must not fail for good
    }
    int rounds = Integer.parseInt(arguments[1]);
    for (int i = 0; i < rounds; i++) {
      program.dive();
      program.next();
    }
    System.out.println(program.overflows + " overflows, " + program.expected + " yields");
  }

  @SuppressWarnings("InfiniteRecursion") // which is the point
  private void dive() {
    try {
      dive();
    } catch (StackOverflowError e) {
      next(); // overflows again, up to a depth where it doesn't
    }
  }

  /** May fail at any call, and then goes on from there at the next. */
  private void next() {
    try {
      if (!resumed) {
        if (!c.resume()) {
          throw new AssertionError("it has returned");
        }
        resumed = true;
      }
      long value = c.yielder().getLong(0);
      if (value != expected) {
        throw new AssertionError("yielded " + value + ", not " + expected);
      }
      expected++;
      resumed = false;
    } catch (StackOverflowError e) {
      overflows++;
      throw e;
    }
  }
}
