package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Generator;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Iterator;

/**
 * A program that does one thing for the first time, and prints how many milliseconds that took,
 * from the beginning of {@code main}. {@link StartUp} runs it.
 *
 * <p>The argument is {@code linker}, for the JDK's linker up to its first downcall, or an engine,
 * for a generator's first element on it.
 */
final class FirstElementMain {
  private FirstElementMain() {}

  public static void main(String[] args) throws Throwable {
    long begin = System.nanoTime();
    if (args[0].equals("linker")) {
      firstDowncall();
    } else {
      firstElement(Engine.valueOf(args[0]));
    }
    System.out.println((System.nanoTime() - begin) / 1e6);
  }

  /** Of the type that this library has for most. */
  private static void firstDowncall() throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle labs =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("labs"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    if ((long) labs.invokeExact(-42L, 0L) != 42) {
      throw new IllegalStateException("labs has another result");
    }
  }

  private static void firstElement(Engine engine) {
    Iterator<String> elements =
        Generator.<String>of(scope -> scope.yield("first"))
            .with(Coroutine.builder().engine(engine))
            .iterator();
    if (!elements.next().equals("first")) {
      throw new IllegalStateException("another element came");
    }
  }
}
