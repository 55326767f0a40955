package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Generator;
import java.util.Iterator;

/** A generator's first element on the native engine, and nothing else. */
public final class FirstElement {
  private FirstElement() {}

  /** Runs it, and ends the JVM at once: no class is loaded for its exit. */
  public static void main(String[] arguments) {
    Iterator<String> elements =
        Generator.<String>of(scope -> scope.yield("first"))
            .with(Coroutine.builder().engine(Engine.NATIVE))
            .iterator();
    System.out.println(elements.next());
    Runtime.getRuntime().halt(0);
  }
}
