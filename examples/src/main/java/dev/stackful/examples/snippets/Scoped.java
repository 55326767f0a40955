package dev.stackful.examples.snippets;

import dev.stackful.Coroutine;

/** A scoped value of the resumer's that a body sees. */
public final class Scoped {
  // @start region="scoped"
  private static final ScopedValue<String> USER = ScopedValue.newInstance();

  /** {@return what a body says that sees the scoped value} */
  static String greeting() {
    Coroutine<String, String> greeter =
        Coroutine.builder()
            .scopedValues(USER)
            .build((self, greeting) -> greeting + ", " + USER.get());
    return ScopedValue.where(USER, "Ada").call(() -> greeter.resume("Hello")); // Hello, Ada
  }

  // @end

  private Scoped() {}
}
