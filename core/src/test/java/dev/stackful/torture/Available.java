package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.EngineUnavailableException;
import dev.stackful.fiber.FiberRuntime;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Prints which engine a coroutine gets here and why not the native one, and runs one. The argument
 * "foreign-handler" takes HotSpot's suspend/resume signal away first.
 */
public final class Available {
  private static final int SIGUSR2 = 12;

  private Available() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Throwable {
    if (List.of(arguments).contains("foreign-handler")) {
      handleBySomebodyElse();
    }
    System.out.println("preferred: " + Engine.preferred());
    System.out.println("native: " + Engine.NATIVE.isAvailable());
    System.out.println("reason: " + Engine.NATIVE.unavailableReason());
    if (!Engine.NATIVE.isAvailable()) {
      checkRefused(Engine.NATIVE::requireAvailable);
      checkRefused(() -> Coroutine.builder().engine(Engine.NATIVE).build((self, first) -> first));
      checkRefused(() -> FiberRuntime.builder().engine(Engine.NATIVE).build());
    }
    Coroutine<Integer, Integer> c =
        Coroutine.of((self, first) -> self.yield(first + 1) + self.yield(first + 2));
    Check.equal(11, c.resume(10), "the first yield");
    Check.equal(12, c.resume(20), "the second yield");
    Check.equal(50, c.resume(30), "the return");
    System.out.println("coroutines work");
  }

  private static void checkRefused(Check.Scenario build) {
    EngineUnavailableException e = Check.thrownBy(EngineUnavailableException.class, build);
    Check.that(e.getMessage().contains(Engine.NATIVE.unavailableReason()), e.getMessage());
  }

  /** Any function of another library will do: no such signal comes before the check. */
  private static void handleBySomebodyElse() throws Throwable {
    Linker linker = Linker.nativeLinker();
    MemorySegment before =
        (MemorySegment)
            linker
                .downcallHandle(
                    linker.defaultLookup().find("signal").orElseThrow(),
                    FunctionDescriptor.of(
                        ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                .invokeExact(SIGUSR2, linker.defaultLookup().find("labs").orElseThrow());
    Check.that(before.address() != -1, "signal failed");
  }
}
