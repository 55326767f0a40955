package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stackful.foreign.ForeignCoroutine.State;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Leads foreign coroutines through their whole life, one step after the other, wherever the stack
 * is about to overflow. A step that overflowed is taken again where there is more room: none may be
 * taken twice, and no coroutine may stay claimed.
 *
 * <p>Arguments: the library of C functions; how many times to overflow.
 */
public final class LifeOverflows {
  private static final FunctionDescriptor COUNT =
      FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment count;
  private final boolean shared;
  private @Nullable ForeignCoroutine c;
  private @Nullable ForeignCallback yielder;
  private int step;
  private boolean more;
  private int lives;
  private int overflows;

  private LifeOverflows(String library, boolean shared) {
    this.count = SymbolLookup.libraryLookup(Path.of(library), arena).find("count_up").orElseThrow();
    this.shared = shared;
  }

  /** Runs it. */
  public static void main(String[] arguments) {
    for (boolean shared : new boolean[] {false, true}) {
      LifeOverflows program = new LifeOverflows(arguments[0], shared);
      for (int i = 0; i < 1000; i++) {
        program.next(); // what the JVM links at its first use must not fail for good
      }
      int rounds = Integer.parseInt(arguments[1]);
      for (int i = 0; i < rounds; i++) {
        program.shift(i % 32, 1, 2, 3, 4);
        program.next();
      }
      System.out.println(program.overflows + " overflows, " + program.lives + " lives");
    }
  }

  /** Frames that are a little larger than those of a dive, so that each dive ends elsewhere. */
  private long shift(int frames, long a, long b, long d, long e) {
    if (frames > 0) {
      return shift(frames - 1, e, a, b, d) + a;
    }
    dive();
    return e;
  }

  @SuppressWarnings("InfiniteRecursion") // which is the point
  private void dive() {
    try {
      dive();
    } catch (StackOverflowError e) {
      next(); // overflows again, up to a depth where it doesn't
    }
  }

  /** May fail at any call, and then takes the same step at the next. */
  private void next() {
    try {
      step();
    } catch (StackOverflowError e) {
      overflows++;
      ForeignCoroutine now = c;
      if (now != null && now.state() == State.RUNNING) {
        throw new AssertionError("nobody can claim it any more after step " + step, e);
      }
      throw e;
    }
  }

  /** No call stands between what a step does and its note that it is done. */
  private void step() {
    ForeignCoroutine now = c;
    switch (step) {
      case 0 -> {
        c = shared ? ForeignCoroutine.ofShared() : ForeignCoroutine.ofConfined();
        step = 1;
      }
      case 1 -> {
        yielder = now.yielder();
        step = 2;
      }
      case 2 -> {
        now.start(count, COUNT, yielder.function(), 2L);
        step = 3;
      }
      case 3 -> {
        more = now.resume();
        step = 4;
      }
      case 4 -> {
        require(more && yielder.getLong(0) == 0, "the first value");
        step = 5;
      }
      case 5 -> {
        more = now.resume(100);
        step = 6;
      }
      case 6 -> {
        require(more && yielder.getLong(0) == 1, "the second value");
        step = 7;
      }
      case 7 -> {
        more = now.resume(20);
        step = 8;
      }
      case 8 -> {
        require(!more && Objects.equals(now.result(), 120L), "the sum of the answers");
        step = 9;
      }
      default -> {
        now.close();
        step = 0;
        lives++;
      }
    }
  }

  private static void require(boolean so, String what) {
    if (!so) {
      throw new AssertionError("wrong: " + what);
    }
  }
}
