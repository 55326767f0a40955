package dev.stackful.torture;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import dev.stackful.foreign.ForeignCoroutine.State;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The same as {@link EachCallFails} with foreign coroutines. Whichever call fails, it can be made
 * again, a coroutine that is half closed runs no C code, and there are stacks for those that come
 * after.
 */
public final class EachForeignCallFails {
  /** So large that a slab has two, and two are kept warm. */
  private static final long STACK_BYTES = 7L * 1024 * 1024;

  private static final MemorySegment QSORT =
      Linker.nativeLinker().defaultLookup().find("qsort").orElseThrow();
  private static final FunctionDescriptor OF_QSORT =
      FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
  private static final FunctionDescriptor OF_COMPARE =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

  private final boolean shared;
  private final MemorySegment numbers = Arena.global().allocateFrom(JAVA_INT, 3, 2, 1);

  private EachForeignCallFails(boolean shared) {
    this.shared = shared;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    for (boolean shared : new boolean[] {false, true}) {
      EachForeignCallFails here = new EachForeignCallFails(shared);
      EachCallFails.sweep(() -> here.lives(5), () -> here.lives(6));
    }
  }

  /** Suspends some in a comparison at once, and closes them there. */
  private void lives(int count) {
    List<ForeignCoroutine> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ForeignCoroutine one = again(this::make);
      all.add(one);
      ForeignCallback compare = again(() -> one.callback(OF_COMPARE));
      again(() -> start(one, compare));
      Check.that(again(one::resume), "no comparison");
      Check.equal(compare, again(one::called), "what was called");
    }
    for (ForeignCoroutine one : all) {
      while (again(one::state) != State.CLOSED) {
        close(one);
      }
      again(() -> closed(one)); // what is left to be given back
    }
  }

  private ForeignCoroutine make() {
    ForeignCoroutine.Builder builder = ForeignCoroutine.builder().stackSize(STACK_BYTES);
    return shared ? builder.shared().build() : builder.build();
  }

  private State start(ForeignCoroutine one, ForeignCallback compare) {
    one.start(QSORT, OF_QSORT, numbers, 3L, 4L, compare.function());
    return State.SUSPENDED;
  }

  private static void close(ForeignCoroutine one) {
    try {
      one.close();
    } catch (VirtualMachineError e) {
      if (again(one::state) == State.SUSPENDED) {
        boolean more = true;
        while (more) {
          more = again(() -> one.resume(1)); // its callback must be there
        }
      }
    }
  }

  private static State closed(ForeignCoroutine one) {
    one.close();
    return one.state();
  }

  private static <T> T again(Supplier<T> action) {
    while (true) {
      try {
        return action.get();
      } catch (VirtualMachineError e) {
        // the one call that fails
      }
    }
  }
}
