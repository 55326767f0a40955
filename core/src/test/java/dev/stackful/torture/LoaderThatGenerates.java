package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import java.util.ArrayList;
import java.util.List;

/**
 * A system class loader whose constructor takes elements from a generator, before there is one; and
 * a program that does the same later.
 */
public final class LoaderThatGenerates extends ClassLoader {
  /** Names the engine: a class loader has no arguments. */
  static final String ENGINE_PROPERTY = "stackful.test.engine";

  /** Called by the JVM. */
  public LoaderThatGenerates(ClassLoader parent) {
    super(parent);
    System.out.println("in the constructor: " + generated());
  }

  private static List<Integer> generated() {
    Engine engine = Engine.valueOf(System.getProperty(ENGINE_PROPERTY));
    Generator<Integer> generator =
        Generator.of(
            scope -> {
              for (int i = 0; i < 3; i++) {
                scope.yield(i);
              }
            });
    List<Integer> elements = new ArrayList<>();
    try (GeneratorIterator<Integer> iterator =
        generator.with(Coroutine.builder().engine(engine)).iterator()) {
      iterator.forEachRemaining(elements::add);
    }
    return elements;
  }

  /** Runs the program. */
  public static void main(String[] arguments) {
    Check.equal(
        LoaderThatGenerates.class.getName(),
        getSystemClassLoader().getClass().getName(),
        "the system's class loader");
    for (int i = 0; i < 3; i++) { // on stacks that have served before
      System.out.println("in the program: " + generated());
    }
  }
}
