package dev.stackful.torture;

import dev.stackful.Generator;

/** A generator, whose body sees its consumer's thread-locals where they can be shared. */
public final class Pulled {
  private static final ThreadLocal<String> LOCAL = ThreadLocal.withInitial(() -> "its own");

  private Pulled() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    LOCAL.set("the consumer's");
    Generator<String> sees = Generator.of(scope -> scope.yield(LOCAL.get()));
    sees.forEach(System.out::println);
  }
}
