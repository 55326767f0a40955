package dev.stackful.examples.snippets;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Generator;

/** How to choose an engine. */
public final class Engines {
  private Engines() {}

  /**
   * Runs a generator and a coroutine on engines of choice.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    // @start region="engines"
    Engine engine = Engine.NATIVE.isAvailable() ? Engine.NATIVE : Engine.VIRTUAL_THREAD;

    Generator<String> greetings =
        Generator.of(
            scope -> {
              scope.yield("hello");
              scope.yield("goodbye");
            });
    greetings.on(engine).forEach(System.out::println);

    Coroutine<String, String> echo =
        Coroutine.builder()
            .engine(engine)
            .stackSize(256 * 1024)
            .name("echo")
            .build((self, first) -> self.yield(first));
    // @end
    try (echo) {
      System.out.println(echo.resume("hello again"));
    }
  }
}
